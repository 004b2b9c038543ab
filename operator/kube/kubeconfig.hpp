#pragma once

// Reads kubeconfig files by kubectl's rules.
//
// Several files are merged: for each cluster, user and context the first file that has one of that
// name wins as a whole, and so does the first current-context. Files that do not exist are passed
// over, as long as one does. Relative paths in a file are meant from that file's folder.
//
// What we cannot honour is refused rather than passed over, because the requests would be made as
// someone else: impersonation (as, as-groups, ...), auth-provider, username/password, and exec with
// interactiveMode Always. Proxies (proxy-url) are ignored.

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "controllers/result/result.hpp"
#include "operator/kube/client_config.hpp"
#include "operator/kube/error.hpp"

namespace ork::kube {

struct KubeconfigFile {
  std::filesystem::path path;  // for messages, and for relative paths in it
  std::string text;
};

// `context` empty: the current-context. Errors: Config, one sentence with file and line.
Result<ClientConfig, Error> parse_kubeconfig(const std::vector<KubeconfigFile>& files, const std::string& context);

// The same from disk. Also reads each certificate and key once, so that a missing one is told now.
Result<ClientConfig, Error> load_kubeconfig(const std::vector<std::filesystem::path>& paths,
                                            const std::string& context);

// Splits $KUBECONFIG at ':'; empty parts are dropped.
std::vector<std::filesystem::path> split_kubeconfig_list(std::string_view list);

}  // namespace ork::kube

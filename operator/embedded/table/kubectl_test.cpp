// The real kubectl against these documents, served by http/ from a handler that keeps nothing. Where
// there is no kubectl ($ORK_KUBECTL, where hack/cluster puts it, $PATH) it is skipped.

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <future>
#include <sstream>

#include "operator/embedded/http/http_server.hpp"
#include "operator/embedded/http/kubeconfig_file.hpp"
#include "operator/embedded/table/documents.hpp"
#include "operator/embedded/table/table_fixture.hpp"
#include "operator/kube/temporary_folder.hpp"

namespace ork::embedded {
namespace {

namespace fs = std::filesystem;
using testing::kinds;

std::string find_kubectl() {
  if (const char* named = std::getenv("ORK_KUBECTL"); named != nullptr) return named;
  const char* path = std::getenv("PATH");
  std::stringstream folders(std::string(ORK_SOURCE_FOLDER) + "/.cluster/bin:" + (path != nullptr ? path : ""));
  for (std::string folder; std::getline(folders, folder, ':');) {
    if (::access((fs::path(folder) / "kubectl").c_str(), X_OK) == 0) return fs::path(folder) / "kubectl";
  }
  return "";
}

Json run_named(const char* name, const char* phase) {
  return {{"apiVersion", "ork.dev/v1alpha1"},
          {"kind", "WorkflowRun"},
          {"metadata", {{"name", name}, {"namespace", "default"}, {"creationTimestamp", "2026-11-21T11:00:00Z"}}},
          {"status", {{"phase", phase}, {"workflow", "etl"}, {"progress", "1/2"}}}};
}

// Two runs, a watch that tells of one change and ends, and writes that come back as they were sent.
class FixedApi final : public Handler {
 public:
  explicit FixedApi(boost::asio::io_context& io) : io_(io) {}
  std::vector<Call> calls;

  void serve(Call call, Responder responder) override {
    calls.push_back(call);
    boost::asio::post(io_,
                      [this, call = std::move(call), responder = std::move(responder)] { responder(answer(call)); });
  }

 private:
  struct Ended final : kube::Stream {};

  Answer answer(const Call& call) {
    Answer out;
    const std::string path = call.target.substr(0, call.target.find('?'));
    if (auto document = document_at(path, call.accept, kinds()); document && call.method == kube::Method::Get) {
      out.content_type = document->content_type;
      out.body = std::move(document->body);
    } else if (call.target.find("watch=true") != std::string::npos) {
      out.open = [this](const kube::StreamHandlers& handlers) { return watch(handlers); };
    } else if (call.method == kube::Method::Get && path.ends_with("/workflowruns")) {
      const std::vector<Json> runs = {run_named("etl-1", "Succeeded"), run_named("etl-2", "Running")};
      const bool rows = call.accept.find("as=Table") != std::string::npos;
      const Json list = {{"kind", "WorkflowRunList"}, {"apiVersion", "ork.dev/v1alpha1"}, {"items", runs}};
      out.body = (rows ? table(runs) : list).dump();
    } else if (call.method == kube::Method::Post) {
      out.status = 201;
      out.body = call.body;
    } else {
      out.status = 404;
      out.body = R"({"kind":"Status","apiVersion":"v1","status":"Failure","reason":"NotFound","code":404})";
    }
    return out;
  }

  static Json table(const std::vector<Json>& runs) {
    return table_of(testing::kind("ork.dev", "workflowruns"), runs, IncludeObject::Metadata, testing::noon,
                    {{"resourceVersion", "5"}}, true);
  }

  std::unique_ptr<kube::Stream> watch(const kube::StreamHandlers& handlers) {
    boost::asio::post(io_, [handlers] {
      const std::vector<Json> runs = {run_named("etl-2", "Succeeded")};
      handlers.on_data(Json({{"type", "MODIFIED"}, {"object", table(runs)}}).dump() + "\n");
      handlers.on_end(std::nullopt);
    });
    return std::make_unique<Ended>();
  }

  boost::asio::io_context& io_;
};

class KubectlTest : public ::testing::Test {
 protected:
  void SetUp() override {
    kubectl_ = find_kubectl();
    if (kubectl_.empty()) GTEST_SKIP() << "there is no kubectl in $PATH; hack/cluster builds one";
    auto access = open_access(folder_.path(), std::time(nullptr));
    ASSERT_TRUE(access) << access.error();
    auto opened = HttpServer::open(io_, api_, {.token = access->token, .identity = access->identity});
    ASSERT_TRUE(opened) << opened.error();
    server_ = *std::move(opened);
    address_ = {server_->url(), access->token, access->identity.certificate};
  }

  // What it prints, on either stream.
  std::string kubectl(const std::string& arguments) {
    const fs::path config = folder_.path() / "kubeconfig";
    EXPECT_TRUE(write_kubeconfig(config, address_));
    const std::string command = "'" + kubectl_ + "' --kubeconfig='" + config.string() + "' --cache-dir='" +
                                (folder_.path() / "cache").string() + "' " + arguments + " 2>&1 </dev/null";
    auto printed = std::async(std::launch::async, [command] {
      std::string text;
      std::FILE* pipe = ::popen(command.c_str(), "r");
      if (pipe == nullptr) return std::string("could not be started");
      std::array<char, 4096> buffer{};
      while (const std::size_t bytes = std::fread(buffer.data(), 1, buffer.size(), pipe)) {
        text.append(buffer.data(), bytes);
      }
      const int status = ::pclose(pipe);
      if (status != 0) text += "exit " + std::to_string(WEXITSTATUS(status)) + "\n";
      return text;
    });
    while (printed.wait_for(std::chrono::seconds(0)) != std::future_status::ready) {
      io_.restart();
      io_.run_one_for(std::chrono::milliseconds(20));
    }
    return printed.get();
  }
  // How many requests there were for this path and what is below.
  std::ptrdiff_t asked(std::string_view path) const {
    return std::count_if(api_.calls.begin(), api_.calls.end(),
                         [&](const Call& call) { return call.target.starts_with(path); });
  }
  std::string file(const char* name, const char* text) { return folder_.write(name, text).string(); }

  boost::asio::io_context io_;
  FixedApi api_{io_};
  kube::testing::TemporaryFolder folder_;
  ApiAddress address_;

 private:
  std::string kubectl_;
  std::unique_ptr<HttpServer> server_;
};

TEST_F(KubectlTest, ListsWhatIsServed) {
  EXPECT_EQ(
      kubectl("api-resources"),
      "NAME                        SHORTNAMES   APIVERSION                 NAMESPACED   KIND\n"
      "configmaps                  cm           v1                         true         ConfigMap\n"
      "events                      ev           v1                         true         Event\n"
      "namespaces                  ns           v1                         false        Namespace\n"
      "pods                        po           v1                         true         Pod\n"
      "secrets                                  v1                         true         Secret\n"
      "customresourcedefinitions   crd,crds     apiextensions.k8s.io/v1    false        CustomResourceDefinition\n"
      "controllerrevisions                      apps/v1                    true         ControllerRevision\n"
      "selfsubjectreviews                       authentication.k8s.io/v1   false        SelfSubjectReview\n"
      "selfsubjectaccessreviews                 authorization.k8s.io/v1    false        SelfSubjectAccessReview\n"
      "selfsubjectrulesreviews                  authorization.k8s.io/v1    false        SelfSubjectRulesReview\n"
      "jobs                                     batch/v1                   true         Job\n"
      "leases                                   coordination.k8s.io/v1     true         Lease\n"
      "events                      ev           events.k8s.io/v1           true         Event\n"
      "workflowruns                wfr          ork.dev/v1alpha1           true         WorkflowRun\n"
      "workflows                   owf          ork.dev/v1alpha1           true         Workflow\n");
  EXPECT_EQ(asked("/api"), 2);  // aggregated discovery takes two requests
}

TEST_F(KubectlTest, ExplainsFields) {
  const std::string all = kubectl("explain wfr.spec.workflow --recursive");
  EXPECT_TRUE(
      all.starts_with("GROUP:      ork.dev\nKIND:       WorkflowRun\nVERSION:    v1alpha1\n\n"
                      "FIELD: workflow <Object>\n"))
      << all;
  EXPECT_NE(all.find("\n  tasks\t<[]Object> -required-\n"), std::string::npos) << all;
  const std::string one = kubectl("explain jobs.spec.completions");
  EXPECT_NE(one.find("FIELD: completions <integer>\n"), std::string::npos) << one;
  EXPECT_NE(kubectl("explain pods.spec.nonsense").find("field \"nonsense\" does not exist"), std::string::npos);
}

TEST_F(KubectlTest, PrintsOurColumns) {
  EXPECT_EQ(kubectl("get wfr"),
            "NAME    WORKFLOW   STATUS      REASON   TASKS   DURATION   AGE\n"
            "etl-1   etl        Succeeded            1/2                60m\n"
            "etl-2   etl        Running              1/2                60m\n");
  EXPECT_EQ(kubectl("get workflowruns.ork.dev -o name"), "workflowrun.ork.dev/etl-1\nworkflowrun.ork.dev/etl-2\n");
}

TEST_F(KubectlTest, FollowsChanges) {
  EXPECT_EQ(kubectl("get wfr --watch"),
            "NAME    WORKFLOW   STATUS      REASON   TASKS   DURATION   AGE\n"
            "etl-1   etl        Succeeded            1/2                60m\n"
            "etl-2   etl        Running              1/2                60m\n"
            "etl-2   etl        Succeeded            1/2                60m\n");
}

TEST_F(KubectlTest, FindsSchemasToValidateWith) {
  const std::string run = file("run.yaml",
                               "apiVersion: ork.dev/v1alpha1\nkind: WorkflowRun\nmetadata: {name: a}\n"
                               "spec: {workflowRef: {name: etl}}\n");
  EXPECT_EQ(kubectl("create -f " + run), "workflowrun.ork.dev/a created\n");
  const Call& create = api_.calls.back();
  EXPECT_EQ(create.method, kube::Method::Post);
  EXPECT_EQ(
      create.target,
      "/apis/ork.dev/v1alpha1/namespaces/default/workflowruns?fieldManager=kubectl-create&fieldValidation=Strict");
  EXPECT_EQ(asked("/openapi/v3"), 2);
  EXPECT_EQ(asked("/openapi/v2"), 0);
}

TEST_F(KubectlTest, SaysWhichServerItIs) {
  EXPECT_NE(kubectl("version").find("Server Version: v1.34.4+ork\n"), std::string::npos);
}

TEST_F(KubectlTest, IsTurnedAwayWithAnotherToken) {
  address_.token = "another";
  EXPECT_NE(kubectl("get wfr").find("You must be logged in to the server"), std::string::npos);
  EXPECT_TRUE(api_.calls.empty());
}

// Why the server speaks TLS: with http:// kubectl keeps the token to itself.
TEST_F(KubectlTest, SendsNoTokenOverPlainHttp) {
  HttpOptions options;
  options.token = address_.token;
  auto plain = HttpServer::open(io_, api_, options);
  ASSERT_TRUE(plain);
  address_ = {(*plain)->url(), options.token, ""};
  EXPECT_NE(kubectl("get --raw /api").find("Unauthorized"), std::string::npos);
}

}  // namespace
}  // namespace ork::embedded

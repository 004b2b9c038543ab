#include "operator/kube/request.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "operator/kube/call_info.hpp"

namespace ork::kube {
namespace {

const Resource jobs{"batch", "v1", "jobs", "Job"};
const Resource pods{"", "v1", "pods", "Pod"};
const Resource nodes{"", "v1", "nodes", "Node"};

TEST(ResourcePath, FollowsTheConventionsOfTheApi) {
  EXPECT_EQ(resource_path(jobs, "a"), "/apis/batch/v1/namespaces/a/jobs");
  EXPECT_EQ(resource_path(jobs, ""), "/apis/batch/v1/jobs");
  EXPECT_EQ(resource_path(pods, "a", "b"), "/api/v1/namespaces/a/pods/b");
  EXPECT_EQ(resource_path(pods, "a", "b", "status"), "/api/v1/namespaces/a/pods/b/status");
  EXPECT_EQ(resource_path(nodes, "", "n"), "/api/v1/nodes/n");
}

TEST(ResourcePath, LetsNoNameReachIntoAnotherPath) {
  struct Case {
    std::string name;
    std::string encoded;
  };
  const Case cases[] = {
      {"a/b", "a%2Fb"},
      {"../x", "..%2Fx"},
      {"..", "%2E%2E"},
      {".", "%2E"},
      {"a?x=1", "a%3Fx%3D1"},
      {"a#b", "a%23b"},
      {"a b", "a%20b"},
      {"a%2fb", "a%252fb"},
      {"\r\nX: y", "%0D%0AX%3A%20y"},
      {"\xC3\xA9", "%C3%A9"},
      {std::string("a\0b", 3), "a%00b"},
      {"a.b-c_d~e", "a.b-c_d~e"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(resource_path(pods, "ns", c.name), "/api/v1/namespaces/ns/pods/" + c.encoded);
    EXPECT_EQ(resource_path(pods, c.name), "/api/v1/namespaces/" + c.encoded + "/pods");
  }
}

TEST(Requests, WithoutANameHaveNoPathRatherThanThatOfAllObjects) {
  EXPECT_EQ(get_request(pods, "a", "").path, "");
  EXPECT_EQ(delete_request(pods, "a", "", "u").path, "");
  EXPECT_EQ(replace_request(pods, "a", "", "{}").path, "");
  EXPECT_EQ(patch_request(pods, "a", "", "status", PatchType::Merge, "{}").path, "");
}

TEST(Requests, ListAsksForPages) {
  EXPECT_EQ(list_request(jobs, "a", {}).path, "/apis/batch/v1/namespaces/a/jobs?limit=500");
  const Request next =
      list_request(jobs, "", {.label_selector = "ork.dev/run=x,!y", .limit = 10, .continue_token = "a+/="});
  EXPECT_EQ(next.path, "/apis/batch/v1/jobs?limit=10&labelSelector=ork.dev%2Frun%3Dx%2C%21y&continue=a%2B%2F%3D");
  EXPECT_EQ(next.method, Method::Get);
  EXPECT_EQ(next.accept, "application/json");
  EXPECT_TRUE(next.body.empty());
}

TEST(Requests, WatchResumesWithBookmarks) {
  const Request watch = watch_request(pods, "a",
                                      {.label_selector = "k=v",
                                       .resource_version = "42",
                                       .timeout = std::chrono::seconds(300),
                                       .idle_timeout = std::chrono::milliseconds(90'000)});
  EXPECT_EQ(watch.path,
            "/api/v1/namespaces/a/"
            "pods?watch=1&allowWatchBookmarks=true&labelSelector=k%3Dv&resourceVersion=42&timeoutSeconds=300");
  EXPECT_EQ(watch.idle_timeout, std::chrono::milliseconds(90'000));
}

TEST(Requests, SelectByLabelsAndByFields) {
  EXPECT_EQ(list_request(pods, "a", {.label_selector = "k=v", .field_selector = "metadata.name=x", .limit = 0}).path,
            "/api/v1/namespaces/a/pods?labelSelector=k%3Dv&fieldSelector=metadata.name%3Dx");
  EXPECT_EQ(
      watch_request(
          pods, "a",
          {.field_selector = "status.phase!=Failed", .resource_version = "42", .timeout = std::chrono::seconds(300)})
          .path,
      "/api/v1/namespaces/a/"
      "pods?watch=1&allowWatchBookmarks=true&fieldSelector=status.phase%21%3DFailed&resourceVersion=42"
      "&timeoutSeconds=300");
}

TEST(Requests, TakeFurtherQueriesOneByOne) {
  Request log = get_request(pods, "a", "b");
  log.path = resource_path(pods, "a", "b", "log");
  add_query(log, "container", "a&b");
  add_query(log, "tailLines", "");
  add_query(log, "follow", "true");
  EXPECT_EQ(log.path, "/api/v1/namespaces/a/pods/b/log?container=a%26b&follow=true");
  Request none = get_request(pods, "a", "");
  add_query(none, "follow", "true");
  EXPECT_EQ(none.path, "");
}

TEST(Requests, WritesAskForMetadataOnlyAndNameTheirContentType) {
  struct Case {
    Request request;
    Method method;
    std::string path;
    std::string content_type;
  };
  const Case cases[] = {
      {create_request(jobs, "a", "{}"), Method::Post, "/apis/batch/v1/namespaces/a/jobs", "application/json"},
      {replace_request(jobs, "a", "b", "{}"), Method::Put, "/apis/batch/v1/namespaces/a/jobs/b", "application/json"},
      {patch_request(jobs, "a", "b", "", PatchType::Json, "{}"), Method::Patch, "/apis/batch/v1/namespaces/a/jobs/b",
       "application/json-patch+json"},
      {patch_request(jobs, "a", "b", "status", PatchType::Merge, "{}"), Method::Patch,
       "/apis/batch/v1/namespaces/a/jobs/b/status", "application/merge-patch+json"},
      {patch_request(jobs, "a", "b", "", PatchType::Apply, "{}"), Method::Patch, "/apis/batch/v1/namespaces/a/jobs/b",
       "application/apply-patch+yaml"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(c.request.method, c.method);
    EXPECT_EQ(c.request.path, c.path);
    EXPECT_EQ(c.request.content_type, c.content_type);
    EXPECT_EQ(c.request.accept, accept_metadata_only);
    EXPECT_EQ(c.request.body, "{}");
  }
}

TEST(Requests, DeleteNamesTheUidItMeans) {
  const Request request = delete_request(jobs, "a", "b", "u-1");
  EXPECT_EQ(request.method, Method::Delete);
  EXPECT_EQ(request.path, "/apis/batch/v1/namespaces/a/jobs/b");
  const auto body = nlohmann::json::parse(request.body);
  EXPECT_EQ(body["kind"], "DeleteOptions");
  EXPECT_EQ(body["apiVersion"], "v1");
  EXPECT_EQ(body["propagationPolicy"], "Background");
  EXPECT_EQ(body["preconditions"]["uid"], "u-1");
  EXPECT_FALSE(nlohmann::json::parse(delete_request(jobs, "a", "b", "").body).contains("preconditions"));
}

TEST(Requests, DeleteKeepsAHostileUidInsideItsString) {
  for (const std::string& uid :
       {std::string("\"},\"x\":{\""), std::string("\xff\xfe"), std::string("a\0b", 3), std::string("\n")}) {
    const auto body = nlohmann::json::parse(delete_request(jobs, "a", "b", uid).body, nullptr, false);
    ASSERT_TRUE(body.is_object());
    EXPECT_FALSE(body.contains("x"));
    EXPECT_TRUE(body["preconditions"]["uid"].is_string());
  }
}

TEST(CallInfo, NamesVerbAndResourceAsTheApiServerDoes) {
  struct Case {
    Method method;
    std::string path;
    bool stream;
    std::string verb, resource, subresource;
  };
  const Case cases[] = {
      {Method::Get, "/api/v1/namespaces/a/pods?limit=5", false, "list", "pods", ""},
      {Method::Get, "/api/v1/namespaces/a/pods?watch=1", true, "watch", "pods", ""},
      {Method::Get, "/api/v1/namespaces/a/pods/x", false, "get", "pods", ""},
      {Method::Get, "/api/v1/namespaces/a/pods/x/log", true, "get", "pods", "log"},
      {Method::Post, "/apis/batch/v1/namespaces/a/jobs", false, "create", "jobs", ""},
      {Method::Patch, "/apis/ork.dev/v1alpha1/namespaces/a/workflowruns/x/status", false, "patch", "workflowruns",
       "status"},
      {Method::Put, "/apis/coordination.k8s.io/v1/namespaces/a/leases/l", false, "update", "leases", ""},
      {Method::Delete, "/apis/batch/v1/namespaces/a/jobs/x", false, "delete", "jobs", ""},
      {Method::Delete, "/apis/batch/v1/namespaces/a/jobs", false, "deletecollection", "jobs", ""},
      {Method::Get, "/api/v1/namespaces", false, "list", "namespaces", ""},
      {Method::Get, "/api/v1/namespaces/a", false, "get", "namespaces", ""},
      {Method::Get, "/apis/batch/v1/jobs", true, "watch", "jobs", ""},
      {Method::Get, "/version", false, "get", "", ""},
      {Method::Get, "", false, "get", "", ""},
      {Method::Get, "/a/b/c/d/e/f/g/h/i/j/k", false, "get", "", ""},
  };
  for (const Case& c : cases) {
    Request request;
    request.method = c.method;
    request.path = c.path;
    const CallInfo info = call_info(request, c.stream);
    EXPECT_EQ(info.verb, c.verb) << c.path;
    EXPECT_EQ(info.resource, c.resource) << c.path;
    EXPECT_EQ(info.subresource, c.subresource) << c.path;
  }
}

}  // namespace
}  // namespace ork::kube

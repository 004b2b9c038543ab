#include "operator/embedded/client/selecting_transport.hpp"

#include <gtest/gtest.h>

#include "operator/embedded/client/resources.hpp"
#include "operator/runtime/fake_transport.hpp"
#include "operator/runtime/manual_loop.hpp"

namespace ork::embedded {
namespace {

class SelectingTransportTest : public ::testing::Test {
 protected:
  runtime::ManualLoop loop;
  runtime::testing::FakeTransport api{loop};
  const kube::Request& sent() const { return api.requests().back().request; }
};

TEST_F(SelectingTransportTest, AddsTheFieldSelectorToListsAndWatches) {
  SelectingTransport transport(api, {.fields = "spec.nodeName=local"});
  transport.call(kube::list_request(pod_resource(), "", {}), [](const auto&) {});
  EXPECT_EQ(sent().path, "/api/v1/pods?limit=500&fieldSelector=spec.nodeName%3Dlocal");
  const auto stream = transport.open_stream(kube::watch_request(pod_resource(), "", {.resource_version = "7"}), {});
  EXPECT_TRUE(sent().path.ends_with("&fieldSelector=spec.nodeName%3Dlocal"));
  EXPECT_EQ(sent().accept, "application/json");
}

TEST_F(SelectingTransportTest, AsksForMetadataAlone) {
  SelectingTransport transport(api, {.metadata_only = true});
  transport.call(kube::list_request(pod_resource(), "", {}), [](const auto&) {});
  EXPECT_EQ(sent().accept, "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1");
  const auto stream = transport.open_stream(kube::watch_request(pod_resource(), "", {.resource_version = "7"}), {});
  EXPECT_EQ(sent().accept, "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1");
}

TEST_F(SelectingTransportTest, LeavesWritesAsTheyAre) {
  SelectingTransport transport(api, {.fields = "a=b", .metadata_only = true});
  transport.call(kube::delete_request(pod_resource(), "n", "p", "u"), [](const auto&) {});
  EXPECT_EQ(sent().path, "/api/v1/namespaces/n/pods/p");
}

}  // namespace
}  // namespace ork::embedded

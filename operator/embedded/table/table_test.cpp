#include "operator/embedded/table/table_fixture.hpp"

namespace ork::embedded {
namespace {

using testing::cells;
using testing::column_names;
using testing::kind;
using testing::noon;

Json parse(const char* text) { return Json::parse(text); }

TEST(JobRow, SaysHowItStands) {
  const Kind& jobs = kind("batch", "jobs");
  EXPECT_EQ(column_names(jobs, true), "Name, Status, Completions, Duration, Age, Containers, Images, Selector");
  EXPECT_EQ(column_names(jobs, false), "Name, Status, Completions, Duration, Age");
  EXPECT_EQ(cells(jobs, parse(R"({"spec": {"completions": 1, "parallelism": 1,
      "selector": {"matchLabels": {"batch.kubernetes.io/controller-uid": "u"}},
      "template": {"spec": {"containers": [{"name": "a", "image": "busybox"}, {"name": "b", "image": "alpine"}]}}},
      "status": {"succeeded": 1, "startTime": "2026-11-21T11:00:00Z", "completionTime": "2026-11-21T11:00:07Z",
                 "conditions": [{"type": "Complete", "status": "True"}]}})")),
            R"(["x","Complete","1/1","7s","60m","a,b","busybox,alpine","batch.kubernetes.io/controller-uid=u"])");
}

TEST(JobRow, CountsCompletions) {
  const auto completions = [](const char* spec) {
    Json job = {{"spec", parse(spec)}, {"status", {{"succeeded", 2}}}};
    return Json::parse(cells(kind("batch", "jobs"), job))[2].get<std::string>();
  };
  EXPECT_EQ(completions(R"({"completions": 3})"), "2/3");
  EXPECT_EQ(completions(R"({"parallelism": 2})"), "2/1 of 2");
  EXPECT_EQ(completions(R"({"parallelism": 1})"), "2/1");
  EXPECT_EQ(completions("{}"), "2/1");
}

TEST(JobRow, NamesItsState) {
  const auto status = [](const char* conditions, bool deleted = false) {
    Json job = {{"metadata", {{"name", "x"}}}, {"status", {{"conditions", parse(conditions)}}}};
    if (deleted) job["metadata"]["deletionTimestamp"] = "2026-11-21T12:00:00Z";
    return Json::parse(cells(kind("batch", "jobs"), job))[1].get<std::string>();
  };
  EXPECT_EQ(status("[]"), "Running");
  EXPECT_EQ(status(R"([{"type": "Suspended", "status": "True"}])"), "Suspended");
  EXPECT_EQ(status(R"([{"type": "Suspended", "status": "False"}])"), "Running");
  EXPECT_EQ(status(R"([{"type": "FailureTarget", "status": "True"}])"), "FailureTarget");
  EXPECT_EQ(status(R"([{"type": "FailureTarget", "status": "True"}, {"type": "Failed", "status": "True"}])"), "Failed");
  EXPECT_EQ(status(R"([{"type": "SuccessCriteriaMet", "status": "True"}])"), "SuccessCriteriaMet");
  EXPECT_EQ(status(R"([{"type": "SuccessCriteriaMet", "status": "True"}])", true), "Terminating");
  EXPECT_EQ(status(R"([{"type": "Complete", "status": "True"}])", true), "Complete");
}

TEST(JobRow, CountsTheTimeItHasBeenRunning) {
  EXPECT_EQ(cells(kind("batch", "jobs"), parse(R"({"status": {"startTime": "2026-11-21T11:57:00Z"}})")),
            R"(["x","Running","0/1","3m","60m","","","<none>"])");
}

TEST(JobRow, WritesItsSelectorAsKubectlTakesIt) {
  const auto selector = [](const char* text) {
    return Json::parse(cells(kind("batch", "jobs"), {{"spec", {{"selector", parse(text)}}}}))[7].get<std::string>();
  };
  EXPECT_EQ(selector(R"({"matchLabels": {"c": "d", "a": "b"}, "matchExpressions": [
      {"key": "b", "operator": "NotIn", "values": ["x", "q"]}, {"key": "z", "operator": "DoesNotExist"},
      {"key": "y", "operator": "In", "values": ["v"]}, {"key": "a", "operator": "Exists"}]})"),
            "a=b,a,b notin (q,x),c=d,y in (v),!z");
  EXPECT_EQ(selector("{}"), "<none>");
  EXPECT_EQ(selector(R"({"matchExpressions": [{"key": "b", "operator": "Near"}]})"), "<error>");
}

TEST(EventRow, IsTheSameInBothVersions) {
  const std::string names = "Last Seen, Type, Reason, Object, Subobject, Source, Message, First Seen, Count, Name";
  EXPECT_EQ(column_names(kind("", "events"), true), names);
  EXPECT_EQ(column_names(kind("events.k8s.io", "events"), true), names);
  const std::string expected =
      R"(["60s","Normal","Started","pod/etl-1","spec.containers{a}","kubelet, local","went well","10m",3,"x"])";
  EXPECT_EQ(cells(kind("", "events"), parse(R"({"type": "Normal", "reason": "Started", "message": " went well \n",
      "involvedObject": {"kind": "Pod", "name": "etl-1", "fieldPath": "spec.containers{a}"}, "count": 3,
      "source": {"component": "kubelet", "host": "local"},
      "firstTimestamp": "2026-11-21T11:50:00Z", "lastTimestamp": "2026-11-21T11:59:00Z"})")),
            expected);
  EXPECT_EQ(cells(kind("events.k8s.io", "events"), parse(R"({"type": "Normal", "reason": "Started",
      "note": " went well \n", "regarding": {"kind": "Pod", "name": "etl-1", "fieldPath": "spec.containers{a}"},
      "deprecatedCount": 3, "deprecatedSource": {"component": "kubelet", "host": "local"},
      "deprecatedFirstTimestamp": "2026-11-21T11:50:00Z", "deprecatedLastTimestamp": "2026-11-21T11:59:00Z"})")),
            expected);
}

TEST(EventRow, GoesByItsSeriesAndItsOnlyTimeWhereThoseAreAllThereIs) {
  EXPECT_EQ(cells(kind("", "events"), parse(R"({"involvedObject": {"kind": "Pod"}, "reportingComponent": "ork",
      "reportingInstance": "ork-0", "eventTime": "2026-11-21T11:00:00.123456Z",
      "series": {"count": 7, "lastObservedTime": "2026-11-21T11:59:00.500000Z"}})")),
            R"(["59s","","","pod","","ork, ork-0","","59m",7,"x"])");
  EXPECT_EQ(cells(kind("", "events"), parse(R"({"eventTime": "2026-11-21T11:59:00.000000Z"})")),
            R"(["60s","","","","","","","60s",1,"x"])");
  EXPECT_EQ(cells(kind("", "events"), Json::object()), R"(["<unknown>","","","","","","","<unknown>",1,"x"])");
}

TEST(Row, OfAConfigMapCountsItsValues) {
  EXPECT_EQ(column_names(kind("", "configmaps"), true), "Name, Data, Age");
  EXPECT_EQ(cells(kind("", "configmaps"), parse(R"({"data": {"a": "b", "c": "d"}, "binaryData": {"e": "AA=="}})")),
            R"(["x",3,"60m"])");
  EXPECT_EQ(cells(kind("", "configmaps"), parse(R"({"data": 5})")), R"(["x",0,"60m"])");
}

TEST(Row, OfASecretSaysItsTypeAndNoneOfItsValues) {
  EXPECT_EQ(column_names(kind("", "secrets"), true), "Name, Type, Data, Age");
  EXPECT_EQ(cells(kind("", "secrets"), parse(R"({"type": "Opaque", "data": {"a": "Yg=="}})")),
            R"(["x","Opaque",1,"60m"])");
}

TEST(Row, OfALeaseSaysWhoHoldsIt) {
  EXPECT_EQ(column_names(kind("coordination.k8s.io", "leases"), true), "Name, Holder, Age");
  EXPECT_EQ(cells(kind("coordination.k8s.io", "leases"), parse(R"({"spec": {"holderIdentity": "me"}})")),
            R"(["x","me","60m"])");
  EXPECT_EQ(cells(kind("coordination.k8s.io", "leases"), Json::object()), R"(["x","","60m"])");
}

TEST(Row, OfAControllerRevisionSaysWhoseItIs) {
  const Kind& revisions = kind("apps", "controllerrevisions");
  EXPECT_EQ(column_names(revisions, true), "Name, Controller, Revision, Age");
  EXPECT_EQ(cells(revisions, parse(R"({"revision": 3, "metadata": {"ownerReferences": [
      {"apiVersion": "v1", "kind": "Pod", "name": "no"},
      {"apiVersion": "ork.dev/v1alpha1", "kind": "Workflow", "name": "etl", "controller": true}]}})")),
            R"(["x","workflow.ork.dev/etl",3,"60m"])");
  EXPECT_EQ(cells(revisions, parse(R"({"revision": 4, "metadata": {"ownerReferences": [
      {"apiVersion": "v1", "kind": "Pod", "name": "p", "controller": true}]}})")),
            R"(["x","pod/p",4,"60m"])");
  EXPECT_EQ(cells(revisions, Json::object()), R"(["x","<none>",0,"60m"])");
}

TEST(Row, OfANamespaceSaysItsPhase) {
  EXPECT_EQ(column_names(kind("", "namespaces"), true), "Name, Status, Age");
  EXPECT_EQ(cells(kind("", "namespaces"), parse(R"({"status": {"phase": "Active"}})")), R"(["x","Active","60m"])");
}

TEST(Row, OfAKindWithoutColumnsSaysWhenItWasCreated) {
  const Kind& crds = kind("apiextensions.k8s.io", "customresourcedefinitions");
  EXPECT_EQ(column_names(crds, true), "Name, Created At");
  EXPECT_EQ(cells(crds, Json::object()), R"(["x","2026-11-21T11:00:00Z"])");
}

TEST(Row, OfACustomKindHasItsOwnColumns) {
  EXPECT_EQ(column_names(kind("ork.dev", "workflowruns"), false),
            "Name, Workflow, Status, Reason, Tasks, Duration, Age");
  EXPECT_EQ(cells(kind("ork.dev", "workflowruns"), parse(R"({"status": {"phase": "Running", "workflow": "etl",
      "progress": "1/2", "duration": "3s", "conditions": [{"type": "Ready", "reason": "No"},
      {"type": "Succeeded", "status": "Unknown", "reason": "TasksRunning"}]}})")),
            R"(["x","etl","Running","TasksRunning","1/2","3s","60m",null,null])");
  EXPECT_EQ(cells(kind("ork.dev", "workflows"), Json::object()),
            R"(["x",null,null,null,null,null,null,"60m",null,null])");
}

// A kind with one column at .v.
std::string custom_cell(const char* type, const char* value) {
  Kind kind;
  kind.custom = true;
  kind.columns = {{"V", type, "", "", ".v", 0}};
  const Json row = Json::parse(cells(kind, {{"v", parse(value)}}));
  return row[1].dump();
}

// Asked of kube-apiserver 1.34 with a CRD that has a column of each type.
TEST(CustomCell, OfTypeStringPrintsAnything) {
  EXPECT_EQ(custom_cell("string", "\"é\\n\""), "\"é\\n\"");
  EXPECT_EQ(custom_cell("string", "true"), "\"true\"");
  EXPECT_EQ(custom_cell("string", "-3"), "\"-3\"");
  EXPECT_EQ(custom_cell("string", "1.25"), "\"1.25\"");
  EXPECT_EQ(custom_cell("string", "1e21"), "\"1e+21\"");
  EXPECT_EQ(custom_cell("string", "null"), "\"<no value>\"");
  EXPECT_EQ(custom_cell("string", R"({"b": [1, 2], "a": "<&>"})"),
            R"("{\"a\":\"\\u003c\\u0026\\u003e\",\"b\":[1,2]}")");
}

TEST(CustomCell, OfTypeIntegerIsAWholeNumberOrNothing) {
  EXPECT_EQ(custom_cell("integer", "5"), "5");
  EXPECT_EQ(custom_cell("integer", "2.9"), "2");
  EXPECT_EQ(custom_cell("integer", "-2.9"), "-2");
  EXPECT_EQ(custom_cell("integer", "123456789012345678"), "123456789012345678");
  EXPECT_EQ(custom_cell("integer", "1e21"), "-9223372036854775808");
  EXPECT_EQ(custom_cell("integer", "\"5\""), "null");
  EXPECT_EQ(custom_cell("integer", "true"), "null");
}

TEST(CustomCell, OfTypeNumberIsANumberOrNothing) {
  EXPECT_EQ(custom_cell("number", "5"), "5");
  EXPECT_EQ(custom_cell("number", "2.0"), "2");
  EXPECT_EQ(custom_cell("number", "-0.5"), "-0.5");
  EXPECT_EQ(custom_cell("number", "123456789012345678"), "123456789012345680");
  EXPECT_EQ(custom_cell("number", "\"5\""), "null");
}

TEST(CustomCell, OfTypeBooleanIsABooleanOrNothing) {
  EXPECT_EQ(custom_cell("boolean", "true"), "true");
  EXPECT_EQ(custom_cell("boolean", "\"true\""), "null");
  EXPECT_EQ(custom_cell("boolean", "0"), "null");
}

TEST(CustomCell, OfTypeDateIsAnAge) {
  EXPECT_EQ(custom_cell("date", "\"2026-11-21T11:59:00Z\""), "\"60s\"");
  EXPECT_EQ(custom_cell("date", "\"2026-11-21T12:59:00.5+01:00\""), "\"59s\"");
  EXPECT_EQ(custom_cell("date", "\"nonsense\""), "\"<invalid>\"");
  EXPECT_EQ(custom_cell("date", "\"\""), "\"<unknown>\"");
  EXPECT_EQ(custom_cell("date", "\"null\""), "\"<unknown>\"");
  EXPECT_EQ(custom_cell("date", "5"), "null");
}

TEST(CustomCell, OfAPathThatCanNotBeReadIsEmpty) {
  Kind kind;
  kind.custom = true;
  kind.columns = {{"A", "string", "", "", ".a[", 0}, {"B", "string", "", "", ".b", 0}, {"C", "odd", "", "", ".b", 0}};
  EXPECT_EQ(cells(kind, {{"b", "there"}}), R"(["x",null,"there",null])");
}

TEST(Table, BringsItsColumnsAndTheListsMetadata) {
  const Json metadata = {{"resourceVersion", "7"}, {"continue", "more"}, {"remainingItemCount", 2}};
  const std::vector<Json> objects = {parse(R"({"kind": "ConfigMap", "apiVersion": "v1", "metadata": {"name": "a",
      "creationTimestamp": "2026-11-21T11:59:00Z"}, "data": {"k": "v"}})")};
  const Json table = table_of(kind("", "configmaps"), objects, IncludeObject::Metadata, noon, metadata, true);
  EXPECT_EQ(table["kind"], "Table");
  EXPECT_EQ(table["apiVersion"], "meta.k8s.io/v1");
  EXPECT_EQ(table["metadata"], metadata);
  EXPECT_EQ(table["columnDefinitions"],
            parse(R"([{"name": "Name", "type": "string", "format": "name", "description": "The object's name.",
                       "priority": 0},
                      {"name": "Data", "type": "string", "format": "", "description": "How many values it holds.",
                       "priority": 0},
                      {"name": "Age", "type": "string", "format": "", "description": "How long ago it was created.",
                       "priority": 0}])"));
  EXPECT_EQ(table["rows"], parse(R"([{"cells": ["a", 1, "60s"], "object": {"kind": "PartialObjectMetadata",
      "apiVersion": "meta.k8s.io/v1", "metadata": {"name": "a", "creationTimestamp": "2026-11-21T11:59:00Z"}}}])"));
}

TEST(Table, BringsAsMuchOfTheObjectsAsIsAskedFor) {
  const std::vector<Json> objects = {parse(R"({"kind": "ConfigMap", "metadata": {"name": "a"}, "data": {}})")};
  const auto row = [&](IncludeObject include) {
    return table_of(kind("", "configmaps"), objects, include, noon, Json(), true)["rows"][0]["object"];
  };
  EXPECT_EQ(row(IncludeObject::None), Json());
  EXPECT_EQ(row(IncludeObject::Object), objects[0]);
}

TEST(Table, OfAWatchHasNoColumnsAfterTheFirstEvent) {
  const Json table = table_of(kind("", "pods"), {}, IncludeObject::None, noon, Json(), false);
  EXPECT_EQ(table["columnDefinitions"], Json());
  EXPECT_EQ(table["rows"], Json::array());
  EXPECT_EQ(table["metadata"], Json::object());
}

TEST(Table, SaysWhatItsColumnsMean) {
  for (const auto& each : testing::kinds().all()) {
    const Json table = table_of(*each, {}, IncludeObject::None, noon, Json(), true);
    for (const Json& column : table["columnDefinitions"]) {
      EXPECT_FALSE(column["description"].get<std::string>().empty()) << each->plural << " " << column["name"];
      EXPECT_EQ(column["format"], column["name"] == "Name" ? "name" : "");
    }
  }
}

// A list may hold what is no object of its kind, or no object at all.
TEST(Table, IsPrintedOfAnything) {
  const std::vector<Json> objects = {Json(), 5, "text", Json::array(), parse(R"({"metadata": [], "spec": 7})")};
  for (const auto& each : testing::kinds().all()) {
    const Json table = table_of(*each, objects, IncludeObject::Metadata, noon, Json(), true);
    for (const Json& row : table["rows"]) {
      EXPECT_EQ(row["cells"].size(), table["columnDefinitions"].size()) << each->plural;
      EXPECT_EQ(row["object"]["metadata"], Json::object());
    }
  }
}

}  // namespace
}  // namespace ork::embedded

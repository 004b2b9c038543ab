"""Events of core and of events.k8s.io: one store, two shapes."""

from samples.sample import Sample, edit, fault

OLD = "2001-02-03T04:05:06Z"
INVOLVED = {"kind": "Pod", "namespace": "$NS", "name": "a", "apiVersion": "v1"}
REGARDING = {"kind": "Pod", "namespace": "$NS", "name": "a", "apiVersion": "v1"}

EVENT = Sample(
    minimal={"involvedObject": INVOLVED, "reason": "Tried", "type": "Normal"},
    variants=[
        {
            "involvedObject": INVOLVED,
            "reason": "Tried",
            "message": "it worked",
            "type": "Normal",
            "count": 1,
            "firstTimestamp": OLD,
            "lastTimestamp": OLD,
            "source": {"component": "conformance", "host": "here"},
        },
        {
            "involvedObject": {
                "kind": "Job",
                "namespace": "$NS",
                "name": "b",
                "apiVersion": "batch/v1",
                "uid": "u",
                "fieldPath": "spec.x",
                "resourceVersion": "17",
            },
            "reason": "Other",
            "message": "bad",
            "type": "Warning",
            "count": 3,
            "firstTimestamp": OLD,
            "lastTimestamp": OLD,
        },
        {
            "involvedObject": INVOLVED,
            "reason": "Tried",
            "type": "Normal",
            "eventTime": "2001-02-03T04:05:06.000007Z",
            "reportingComponent": "example.com/c",
            "reportingInstance": "i",
            "action": "Do",
        },
        {"involvedObject": INVOLVED},
        {
            "involvedObject": INVOLVED,
            "series": {"count": 2, "lastObservedTime": "2001-02-03T04:05:06.000000Z"},
            "type": "Normal",
        },
        {"involvedObject": {"kind": "Node", "name": "n"}, "reason": "Tried"},
    ],
    edits=[
        edit("count", 4),
        edit("message", "again"),
        edit("lastTimestamp", "2002-02-03T04:05:06Z"),
        edit("reason", "Other"),
        edit("type", "Warning"),
    ],
    faults=[
        fault(("involvedObject.namespace", "elsewhere")),
        fault(("involvedObject", {})),
        fault(("count", "many")),
        fault(("firstTimestamp", "now")),
        fault(("eventTime", "2001-02-03T04:05:06.000007Z")),
        fault(("type", 1)),
        fault(("involvedObject", {"kind": "Nope", "namespace": "$NS"})),
        fault(("lastTimestamp", 5)),
        fault(("eventTime", "2001-02-03T04:05:06.000007Z"), ("reportingComponent", "not a name!")),
    ],
    merges=[{"count": 9}, {"message": "merged"}, {"involvedObject": {"name": "b"}}, {"source": None}],
    operations=[
        [{"op": "replace", "path": "/count", "value": 5}],
        [{"op": "add", "path": "/related", "value": {"kind": "Job"}}],
    ],
    applied=[{"involvedObject": INVOLVED, "message": "applied"}, {"involvedObject": INVOLVED, "count": 2}],
)

NEW_EVENT = Sample(
    minimal={
        "eventTime": "2001-02-03T04:05:06.000007Z",
        "reportingController": "example.com/c",
        "reportingInstance": "i",
        "action": "Do",
        "reason": "Tried",
        "type": "Normal",
        "regarding": REGARDING,
    },
    variants=[
        {
            "eventTime": "2001-02-03T04:05:06.123456Z",
            "reportingController": "example.com/c",
            "reportingInstance": "i-1",
            "action": "Do",
            "reason": "Tried",
            "type": "Warning",
            "note": "a note",
            "regarding": REGARDING,
            "related": {"kind": "Job", "name": "b"},
        },
        {
            "eventTime": "2001-02-03T04:05:06.000007Z",
            "reportingController": "c",
            "reportingInstance": "i",
            "action": "Do",
            "reason": "Tried",
            "type": "Normal",
            "regarding": REGARDING,
            "series": {"count": 2, "lastObservedTime": "2001-02-03T04:05:07.000000Z"},
        },
    ],
    edits=[edit("series", {"count": 3, "lastObservedTime": "2001-02-03T04:05:08.000000Z"}), edit("deprecatedCount", 3)],
    faults=[
        fault(("eventTime", None)),
        fault(("reportingController", "")),
        fault(("action", "")),
        fault(("reason", "")),
        fault(("reportingInstance", "")),
        fault(("type", "Odd")),
        fault(("note", "n" * 1025)),
        fault(("series", {"count": 1})),
        fault(("regarding", {"namespace": "elsewhere"})),
        fault(("action", "a" * 129)),
        fault(("deprecatedCount", 1)),
        fault(("deprecatedFirstTimestamp", OLD)),
        fault(("note", "changed")),
        fault(("reportingInstance", "i" * 129)),
    ],
    merges=[
        {"series": {"count": 5, "lastObservedTime": "2001-02-03T04:05:09.000000Z"}},
        {"note": "merged"},
        {"deprecatedCount": 8},
        {"regarding": {"name": "z"}},
    ],
    operations=[[{"op": "add", "path": "/note", "value": "patched"}]],
    applied=[{"note": "applied"}],
)

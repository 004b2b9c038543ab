"""The two Grafana dashboards as tables; generate.py writes them as Grafana reads them.

A panel is (title, unit, what it tells, (legend, query)...). Units are Grafana's own words. Queries go by the variables of
their dashboard, so nothing is hard-coded: $datasource, and $instance or $namespace and $workflow.
"""

RATE = "$__rate_interval"
OF = 'instance=~"$instance"'
IN = 'namespace=~"$namespace"'
BY = f'{IN},workflow=~"$workflow"'
BAD = 'result=~"failure|error|timeout"'


def rate(metric, labels, by):
    return f"sum by ({by}) (rate({metric}{{{labels}}}[{RATE}]))"


def quantile(share, metric, labels, by=""):
    """Of a histogram; `by`: more labels, each with a comma before it."""
    return f"histogram_quantile({share}, sum by (le{by}) (rate({metric}_bucket{{{labels}}}[{RATE}])))"


OPERATOR = [
    ("Shares", "none", "Of 64 shares of the work, those that each operator holds",
     ("{{instance}}", f"sum by (instance) (ork_share_buckets{{{OF}}})")),
    ("Operators by version", "none", "More than one version: an upgrade is under way",
     ("{{version}}", f"count by (version) (ork_build_info{{{OF}}})")),
    ("Reconciles", "ops", "Objects that were looked at, and whether something was to be done",
     ("{{kind}} {{result}}", rate("ork_reconcile_total", OF, "kind, result"))),
    ("Reconcile duration", "s", "From taking an object off the queue to having sent what was decided",
     ("{{kind}} p99", quantile(0.99, "ork_reconcile_duration_seconds", OF, ", kind")),
     ("{{kind}} p50", quantile(0.5, "ork_reconcile_duration_seconds", OF, ", kind"))),
    ("Waiting objects", "none", "Keys that are ready to be looked at; above 0 for long: the operator is the bottleneck",
     ("{{kind}}", f"sum by (kind) (ork_workqueue_depth{{{OF}}})")),
    ("Backlog", "none", "Runs that wait for their turn to begin, since so many tasks have no node yet",
     ("runs that wait", f"sum(ork_backlog_runs{{{OF}}})"), ("tasks without a node", f"sum(ork_unplaced_tasks{{{OF}}})"),
     ("as many may be", f"sum(ork_unplaced_tasks_limit{{{OF}}})")),
    ("Requests to the API server", "reqps", "By what is asked",
     ("{{verb}} {{resource}}", rate("ork_kube_request_duration_seconds_count", OF, "verb, resource"))),
    ("Answers of the API server", "reqps", "By HTTP's code, or why there was none",
     ("{{code}}", rate("ork_kube_request_duration_seconds_count", OF, "code"))),
    ("Request duration", "s", "Waiting for their turn included",
     ("{{verb}} p99", quantile(0.99, "ork_kube_request_duration_seconds", OF, ", verb"))),
    ("Broken watches", "none", "Watches that broke and were opened again",
     ("{{resource}} {{reason}}", f"sum by (resource, reason) (increase(ork_watch_restarts_total{{{OF}}}[{RATE}]))")),
    ("Jobs made, statuses stored", "ops", "Fewer statuses than Jobs is how it should be: they are put together",
     ("Jobs", f"sum(rate(ork_jobs_created_total{{{OF}}}[{RATE}]))"),
     ("statuses", f"sum(rate(ork_status_writes_total{{{OF}}}[{RATE}]))"),
     ("decided anew", f"sum(rate(ork_write_conflicts_total{{{OF}}}[{RATE}]))")),
    ("Size of statuses", "bytes", "As they are stored; a run's may have 1 MiB at most",
     ("p99", quantile(0.99, "ork_status_bytes", OF)), ("p50", quantile(0.5, "ork_status_bytes", OF))),
    ("Dropped", "none", "Courtesies that were given up: Kubernetes Events, spans of traces",
     ("Events", f"sum(increase(ork_events_dropped_total{{{OF}}}[{RATE}]))"),
     ("spans {{result}}", f"sum by (result) (increase(ork_spans_total{{{OF}}}[{RATE}]))")),
    ("CPU", "short", "Cores in use",
     ("{{instance}}", f"rate(process_cpu_seconds_total{{{OF}}}[{RATE}]) and on (instance, job) ork_build_info")),
    ("Memory", "bytes", "Resident",
     ("{{instance}}", f"process_resident_memory_bytes{{{OF}}} and on (instance, job) ork_build_info")),
]

WORKFLOWS = [
    ("Runs that ended", "none", "By how they ended",
     ("{{result}}", f"sum by (result) (increase(ork_workflow_runs_total{{{BY}}}[{RATE}]))")),
    ("Share of runs that succeeded", "percentunit", "Of those that ended",
     ("success", f'sum(increase(ork_workflow_runs_total{{{BY},result="success"}}[$__range]))'
                 f" / sum(increase(ork_workflow_runs_total{{{BY}}}[$__range]))")),
    ("Unfinished runs", "none", "By their phase", ("{{state}}", f"sum by (state) (ork_workflow_runs_active{{{IN}}})")),
    ("Duration of runs", "s", "A dot is an example: it leads to the run's trace",
     ("{{workflow}} p95", quantile(0.95, "ork_workflow_run_duration_seconds", BY, ", workflow")),
     ("{{workflow}} p50", quantile(0.5, "ork_workflow_run_duration_seconds", BY, ", workflow"))),
    ("Workflows that fail most", "none", "Runs that failed, in the time that is shown",
     ("{{namespace}}/{{workflow}}",
      f"topk(10, sum by (namespace, workflow) (increase(ork_workflow_runs_total{{{BY},{BAD}}}[$__range])))")),
    ("Longest wait of a run", "s", "The longest time for which nothing has happened to a run of which nothing runs",
     ("{{namespace}}", f"max by (namespace) (ork_workflow_run_idle_seconds{{{IN}}})")),
    ("Tasks that ended", "ops", "By how they ended", ("{{result}}", rate("ork_task_runs_total", BY, "result"))),
    ("Duration of tasks", "s", "Retries included",
     ("p95", quantile(0.95, "ork_task_run_duration_seconds", IN)), ("p50", quantile(0.5, "ork_task_run_duration_seconds", IN))),
    ("Start latency of tasks", "s", "From when a task could start to its container's start; Kubernetes tells whole seconds",
     ("p95", quantile(0.95, "ork_task_start_latency_seconds", IN)), ("p50", quantile(0.5, "ork_task_start_latency_seconds", IN))),
    ("Retries", "none", "Attempts that were followed by another, by whose fault it was",
     ("{{cause}}", f"sum by (cause) (increase(ork_task_retries_total{{{BY}}}[{RATE}]))")),
    ("Unfinished tasks", "none", "Queued ones wait for a Pod to start", ("{{state}}", "sum by (state) (ork_tasks_active)")),
    ("Pods", "none", "Of unfinished runs", ("{{state}}", "sum by (state) (ork_pods)")),
    ("Lag of schedules", "s", "How long after its time a run began",
     ("p95", quantile(0.95, "ork_schedule_lag_seconds", IN))),
    ("Finished runs that are kept", "none", "Each is an object in the cluster; history limits and ttl take them away",
     ("{{namespace}}", f"sum by (namespace) (ork_workflow_runs_kept{{{IN}}})")),
]


def variable(name, query, label):
    return {"name": name, "label": label, "type": "query", "datasource": {"type": "prometheus", "uid": "${datasource}"},
            "query": {"query": query, "refId": name}, "definition": query, "refresh": 2, "multi": True, "includeAll": True,
            "allValue": ".*", "current": {"selected": True, "text": ["All"], "value": ["$__all"]}, "sort": 1}


def panel(number, title, unit, description, *queries):
    targets = [{"refId": chr(ord("A") + i), "expr": query, "legendFormat": legend, "exemplar": "duration_seconds" in query,
                "datasource": {"type": "prometheus", "uid": "${datasource}"}} for i, (legend, query) in enumerate(queries)]
    return {"id": number + 1, "type": "timeseries", "title": title, "description": description,
            "datasource": {"type": "prometheus", "uid": "${datasource}"},
            "gridPos": {"h": 8, "w": 8, "x": number % 3 * 8, "y": number // 3 * 8},
            "fieldConfig": {"defaults": {"unit": unit, "min": 0, "custom": {"fillOpacity": 10, "showPoints": "auto"}}, "overrides": []},
            "options": {"legend": {"displayMode": "list", "placement": "bottom"}, "tooltip": {"mode": "multi", "sort": "desc"}},
            "targets": targets}


def dashboard(uid, title, variables, panels):
    source = {"name": "datasource", "label": "Data source", "type": "datasource", "query": "prometheus", "refresh": 1}
    return {"uid": uid, "title": title, "tags": ["ork"], "schemaVersion": 39, "editable": True, "refresh": "30s", "timezone": "",
            "time": {"from": "now-3h", "to": "now"}, "templating": {"list": [source, *variables]},
            "panels": [panel(number, *about) for number, about in enumerate(panels)]}


DASHBOARDS = {
    "ork-operator": dashboard("ork-operator", "ork / Operator", [
        variable("instance", "label_values(ork_build_info, instance)", "Operator"),
    ], OPERATOR),
    "ork-workflows": dashboard("ork-workflows", "ork / Workflows", [
        variable("namespace", "label_values(ork_workflow_runs_total, namespace)", "Namespace"),
        variable("workflow", 'label_values(ork_workflow_runs_total{namespace=~"$namespace"}, workflow)', "Workflow"),
    ], WORKFLOWS),
}

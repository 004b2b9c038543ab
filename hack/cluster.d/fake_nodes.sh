# shellcheck shell=bash
# Fake nodes: Node objects that kwok keeps Ready and whose Pods it ends, as kwok.yaml says.

readonly FAKE_LABEL=kwok.x-k8s.io/node=fake

# adjust_fake_nodes COUNT: makes or deletes Nodes so that COUNT are there.
adjust_fake_nodes() {
  local wanted=$1
  ensure_process kwok "$PARTS_DIR/kwok.yaml" "$BIN_DIR/kwok" --config="$PARTS_DIR/kwok.yaml" \
    --kubeconfig="$CONFIG_DIR/kwok.kubeconfig"
  add_or_remove_nodes "$wanted"
  wait_for "the fake nodes" 60 kwok fake_nodes_are_ready "$wanted"
}

# The label with the number lets one request delete all that are too many.
add_or_remove_nodes() {
  local wanted=$1 surplus=$FAKE_LABEL present
  ((wanted == 0)) || surplus="ork.dev/fake-node>$((wanted - 1))"
  kubectl_here delete --raw "/api/v1/nodes?labelSelector=${surplus/>/%3E}" >/dev/null
  present=$(kubectl_here get nodes -l "$FAKE_LABEL" -o jsonpath='{.items[*].metadata.name}')
  if (($(wc -w <<<"$present") < wanted)); then
    missing_nodes "$wanted" "$present" | kubectl_here create -f - >/dev/null
  fi
  if [[ $(setting node off) == on ]] && kubectl_here get nodes -l "$FAKE_LABEL" \
    -o jsonpath='{range .items[*]}<{.spec.taints}>{end}' | grep -F '<>' >/dev/null; then
    # A real node came after the fake ones.
    kubectl_here taint nodes --overwrite -l "$FAKE_LABEL" "$FAKE_LABEL:NoSchedule" >/dev/null
  fi
}

# missing_nodes WANTED PRESENT_NAMES
missing_nodes() {
  local taint='[]'
  [[ $(setting node off) == off ]] ||
    taint='[{"key": "kwok.x-k8s.io/node", "value": "fake", "effect": "NoSchedule"}]'
  jq -nc --argjson wanted "$1" --arg present "$2" --argjson taints "$taint" '
    ($present / " ") as $present
    | {apiVersion: "v1", kind: "List", items: [
        range($wanted) | {
          apiVersion: "v1", kind: "Node",
          metadata: {
            name: "fake-\(.)",
            labels: {"kwok.x-k8s.io/node": "fake", "ork.dev/fake-node": "\(.)",
                     "kubernetes.io/hostname": "fake-\(.)", "kubernetes.io/os": "linux"},
            annotations: {"kwok.x-k8s.io/node": "fake", "node.alpha.kubernetes.io/ttl": "0"}
          },
          spec: {taints: $taints}
        } | select(.metadata.name | IN($present[]) | not)]}'
}

fake_nodes_are_ready() {
  local ready
  ready=$(kubectl_here get nodes -l "$FAKE_LABEL" \
    -o jsonpath='{.items[*].status.conditions[?(@.type=="Ready")].status}')
  [[ $(grep -o True <<<"$ready" | wc -l) -eq $1 ]]
}

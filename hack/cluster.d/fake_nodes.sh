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

add_or_remove_nodes() {
  local wanted=$1 taint=false present
  [[ $(setting node off) == off ]] || taint=true
  present=$(kubectl_here get nodes -l "$FAKE_LABEL" -o json |
    jq -c --argjson taint "$taint" \
      '[.items[] | {name: .metadata.name, right: ((.spec.taints // [] | any(.key == "kwok.x-k8s.io/node")) == $taint)}]')
  # A node whose taint is of another time (a real node came since) is written again, too.
  jq -nc --argjson wanted "$wanted" --argjson present "$present" --argjson taint "$taint" '
    [$present[] | select(.right) | .name] as $right
    | {apiVersion: "v1", kind: "List", items: [
        range($wanted) | "fake-\(.)" | select(IN($right[]) | not) | {
          apiVersion: "v1", kind: "Node",
          metadata: {
            name: .,
            labels: {"kwok.x-k8s.io/node": "fake", "kubernetes.io/hostname": .,
                     "kubernetes.io/os": "linux", "type": "fake"},
            annotations: {"kwok.x-k8s.io/node": "fake", "node.alpha.kubernetes.io/ttl": "0"}
          },
          spec: {taints: (if $taint then
            [{key: "kwok.x-k8s.io/node", value: "fake", effect: "NoSchedule"}] else [] end)}
        }]}
    | select(.items != [])' | apply_if_any
  jq -rn --argjson wanted "$wanted" --argjson present "$present" '
    [range($wanted) | "fake-\(.)"] as $names
    | $present[].name | select(IN($names[]) | not)' |
    xargs -r "$BIN_DIR/kubectl" --kubeconfig "$KUBECONFIG_FILE" \
      --cache-dir "$STATE_DIR/kubectl-cache" delete node --wait=false >/dev/null
}

apply_if_any() {
  local objects
  objects=$(cat)
  [[ -z $objects ]] ||
    kubectl_here apply --server-side --force-conflicts -f - <<<"$objects" >/dev/null
}

fake_nodes_are_ready() {
  [[ $(kubectl_here get nodes -l "$FAKE_LABEL" -o jsonpath='{range .items[*]}{.status.conditions[?(@.type=="Ready")].status}{"\n"}{end}' |
    grep -c True) -eq $1 ]]
}

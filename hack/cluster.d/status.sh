# shellcheck shell=bash disable=SC2153 # NAME is set by use_name
# What runs: a table for people, JSON for programs.

# Components that this cluster should have.
expected_components() {
  printf '%s\n' etcd kube-apiserver kube-controller-manager kube-scheduler
  [[ $(setting node off) == off ]] || printf '%s\n' containerd kubelet kube-proxy
  [[ $(setting fake-nodes 0) == 0 ]] || printf '%s\n' kwok
}

# One JSON object a line: component, pid, up, age_s, rss_kib.
component_states() {
  local name pid ticks uptime rss
  read -r uptime _ </proc/uptime
  while read -r name; do
    if pid=$(pid_of "$name") && ticks=$(start_time "$pid"); then
      rss=$(awk '/^VmRSS/ {print $2}' "/proc/$pid/status")
      printf '{"component":"%s","pid":%d,"up":true,"age_s":%d,"rss_kib":%d}\n' "$name" "$pid" \
        $((${uptime%.*} - ticks / $(getconf CLK_TCK))) "${rss:-0}"
    else
      printf '{"component":"%s","pid":null,"up":false,"age_s":null,"rss_kib":null}\n' "$name"
    fi
  done < <(expected_components)
}

# Prints the state; returns 0 if all is up, 3 if not.
show_status() {
  local format=$1 states
  if ! load_slot; then
    if [[ $format == json ]]; then
      jq -nc --arg name "$NAME" '{name: $name, up: false, kubeconfig: null, components: []}'
    else
      printf "Cluster '%s' is not there; '%s up' makes it.\n" "$NAME" "$(self)"
    fi
    return 3
  fi
  states=$(component_states)
  if [[ $format == json ]]; then
    jq -sc --arg name "$NAME" --arg kubeconfig "$KUBECONFIG_FILE" \
      --arg server "https://$HOST_IP:$API_PORT" --argjson fake "$(setting fake-nodes 0)" \
      --argjson node "$([[ $(setting node off) == on ]] && echo true || echo false)" \
      '{name: $name, up: all(.up), kubeconfig: $kubeconfig, server: $server, real_node: $node,
        fake_nodes: $fake, components: .}' <<<"$states"
  else
    printf "Cluster '%s' at https://%s:%s, %s fake nodes\n" "$NAME" "$HOST_IP" "$API_PORT" \
      "$(setting fake-nodes 0)"
    printf '  %-26s %8s %-5s %9s %10s\n' COMPONENT PID STATE AGE MEMORY
    jq -r '[.component, .pid // "-", (if .up then "up" else "down" end),
            (if .up then "\(.age_s) s" else "-" end),
            (if .up then "\(.rss_kib / 1024 | floor) MiB" else "-" end)] | join("\t")' \
      <<<"$states" |
      while IFS=$'\t' read -r name pid state age memory; do
        printf '  %-26s %8s %-5s %9s %10s\n' "$name" "$pid" "$state" "$age" "$memory"
      done
  fi
  [[ $states != *'"up":false'* ]] || return 3
}

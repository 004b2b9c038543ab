# shellcheck shell=bash
# The real node: containerd, kubelet and kube-proxy in the node's network namespace.

start_node() {
  step "network of the real node" ensure_node_network
  step "images of pause and busybox" make_images
  step "containerd, with its images" start_containerd
  start_kubelet
  start_proxy
  refuse_names
  step "kube-proxy has written its rules" wait_for_proxy
  step "node $NODE_NAME is Ready" wait_for "the node" 60 kubelet node_is_ready
}

start_containerd() {
  local RESTRICT_OOM_SCORE=true
  local capabilities
  capabilities=$(awk '/^CapEff/ {print $2}' /proc/self/status)
  # Bit 24 is CAP_SYS_RESOURCE.
  # shellcheck disable=SC2034 # read by render
  if ((0x$capabilities >> 24 & 1)); then RESTRICT_OOM_SCORE=false; fi
  mkdir -p "$CONFIG_DIR/cni" "$STATE_DIR/containerd"
  render pods.conflist "$CONFIG_DIR/cni/10-pods.conflist"
  render containerd.toml "$CONFIG_DIR/containerd.toml"
  ensure_process containerd "$CONFIG_DIR/containerd.toml" \
    nsenter --net="$NETNS" containerd --config "$CONFIG_DIR/containerd.toml"
  wait_for "containerd's socket" 20 containerd \
    ctr --address "$CONTAINERD_SOCKET" --connect-timeout 1s version
  import_own_images
}

start_kubelet() {
  ensure_cgroup
  keep_kernel_settings
  mkdir -p "$STATE_DIR/kubelet"
  [[ -e $CONFIG_DIR/resolv.conf ]] || : >"$CONFIG_DIR/resolv.conf"
  render kubelet.yaml "$CONFIG_DIR/kubelet.yaml"
  ensure_process kubelet "$CONFIG_DIR/kubelet.yaml" \
    nsenter --net="$NETNS" "$BIN_DIR/kubelet" --config="$CONFIG_DIR/kubelet.yaml" \
    --kubeconfig="$CONFIG_DIR/kubelet.kubeconfig" --root-dir="$STATE_DIR/kubelet" \
    --hostname-override="$NODE_NAME" --node-ip="$NODE_IP"
}

start_proxy() {
  render proxy.yaml "$CONFIG_DIR/proxy.yaml"
  ensure_process kube-proxy "$CONFIG_DIR/proxy.yaml" \
    nsenter --net="$NETNS" "$BIN_DIR/kube-proxy" --config="$CONFIG_DIR/proxy.yaml"
}

# There is no DNS in the cluster. A Service without endpoints at the address that Pods ask makes
# their questions fail at once instead of after some seconds.
refuse_names() {
  kubectl_here apply --server-side -f - >/dev/null <<OBJECT
{"apiVersion": "v1", "kind": "Service",
 "metadata": {"name": "no-dns", "namespace": "kube-system"},
 "spec": {"clusterIP": "$SERVICE_DNS_IP",
          "ports": [{"name": "dns", "port": 53, "protocol": "UDP"},
                    {"name": "dns-tcp", "port": 53, "protocol": "TCP"}]}}
OBJECT
}

# The kubelet wants its root group to exist in each hierarchy; one without processors (cpuset of
# version 1 starts empty) could not run anything.
ensure_cgroup() {
  local hierarchy
  enable_controllers
  for hierarchy in $(cgroup_hierarchies); do
    mkdir -p "$hierarchy/$CGROUP"
    if [[ -e $hierarchy/cpuset.cpus && -e $hierarchy/cpuset.mems ]]; then
      cat "$hierarchy/cpuset.mems" >"$hierarchy/$CGROUP/cpuset.mems"
      cat "$hierarchy/cpuset.cpus" >"$hierarchy/$CGROUP/cpuset.cpus"
    fi
  done
}

cgroup_hierarchies() {
  awk '$3 == "cgroup" || $3 == "cgroup2" {print $2}' /proc/mounts
}

# With cgroup version 2, a group has only the controllers that its parent hands down.
enable_controllers() {
  local root=/sys/fs/cgroup name
  [[ -e $root/cgroup.subtree_control ]] || return 0
  for name in $(<"$root/cgroup.controllers"); do
    [[ " $(<"$root/cgroup.subtree_control") " == *" $name "* ]] ||
      printf '+%s' "$name" >"$root/cgroup.subtree_control" || true
  done
}

# The kubelet sets some settings of the whole machine; the first node that comes notes what they
# were, the last that goes puts them back.
keep_kernel_settings() {
  [[ ! -e $RUN_ROOT/kernel-settings ]] || return 0
  sysctl vm.overcommit_memory vm.panic_on_oom kernel.panic kernel.panic_on_oops \
    kernel.keys.root_maxkeys kernel.keys.root_maxbytes >"$RUN_ROOT/kernel-settings.new"
  mv "$RUN_ROOT/kernel-settings.new" "$RUN_ROOT/kernel-settings"
}

restore_kernel_settings() {
  [[ -e $RUN_ROOT/kernel-settings ]] || return 0
  ! compgen -G "$RUN_ROOT/*/netns" >/dev/null || return 0
  sysctl -qp "$RUN_ROOT/kernel-settings"
  rm -f "$RUN_ROOT/kernel-settings"
}

# The programs' own word counts as well: after a crash, rules and conditions are those of before.
wait_for_proxy() {
  wait_for "kube-proxy" 30 kube-proxy proxy_is_ready
}

proxy_is_ready() {
  is_healthy_on_node 10256 &&
    in_node_network iptables -t nat -S KUBE-SERVICES | grep -F "$SERVICE_API_IP/32" >/dev/null
}

is_healthy_on_node() {
  # shellcheck disable=SC2016 # for the inner shell
  [[ $(in_node_network timeout 2 bash -c 'exec 3<>"/dev/tcp/127.0.0.1/$0"
    printf "GET /healthz HTTP/1.0\r\n\r\n" >&3; head -1 <&3' "$1") == *" 200 "* ]]
}

node_is_ready() {
  is_healthy_on_node 10248 || return 1
  [[ $(kubectl_here get node "$NODE_NAME" \
    -o jsonpath='{.status.conditions[?(@.type=="Ready")].status}') == True ]]
}

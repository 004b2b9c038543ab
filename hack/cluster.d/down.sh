# shellcheck shell=bash
# Takes a cluster away, whatever state it is in, and leaves nothing: processes, containers, mounts,
# links, control groups, files. Every part may be gone already.

take_down() {
  step "programs have ended" stop_programs
  step "containers are gone" remove_containers
  remove_mounts
  remove_cgroups
  remove_network
  remove_traces
}

# The API server goes last but one, so that the others can still say good-bye.
stop_programs() {
  stop_processes kwok kube-scheduler kube-controller-manager kubelet kube-proxy
  stop_processes kube-apiserver containerd
  stop_processes etcd
}

# Containers are found by the cluster's own control group.
remove_containers() {
  local deadline=$((SECONDS + 10)) pids
  while pids=$(container_pids) && [[ -n $pids ]]; do
    # shellcheck disable=SC2086 # a list
    kill -KILL $pids 2>/dev/null || true
    ((SECONDS < deadline)) || die "these processes do not end: ${pids//$'\n'/ }"
    sleep 0.02
  done
  remove_shim_sockets
}

container_pids() {
  local hierarchy
  for hierarchy in $(cgroup_hierarchies); do
    [[ ! -d $hierarchy/$CGROUP ]] ||
      find "$hierarchy/$CGROUP" -name cgroup.procs -exec cat {} + 2>/dev/null || true
  done | sort -u
  unrecorded_pids
}

# containerd puts the sockets of its shims under /run/containerd, whatever its own folders are; the
# state of each task says which is its.
remove_shim_sockets() {
  local file address
  for file in "$RUN_DIR"/containerd/io.containerd.runtime.v2.task/k8s.io/*/address; do
    [[ -r $file ]] || continue
    address=$(<"$file")
    [[ $address != unix:///run/containerd/s/* ]] || rm -f "${address#unix://}"
  done
}

# The deepest first: mounts are listed in the order they were made.
remove_mounts() {
  local target
  awk '{print $5}' /proc/self/mountinfo | tac | while read -r target; do
    if [[ $target == "$STATE_DIR"/* || $target == "$RUN_DIR"/* ]]; then
      umount -l "$(printf '%b' "$target")"
    fi
  done
}

remove_cgroups() {
  local hierarchy
  for hierarchy in $(cgroup_hierarchies); do
    [[ ! -d $hierarchy/$CGROUP ]] || find "$hierarchy/$CGROUP" -depth -type d -exec rmdir {} +
  done
}

# What programs write at fixed places outside of their folders; only what names this cluster.
remove_traces() {
  local file id
  rm -rf /var/lib/cni/cache/results/"$LINK"-* /var/lib/cni/results/"$LINK"-*
  for id in $(sandbox_ids); do
    rm -rf /var/lib/cni/cache/results/cni-loopback-"$id"-* /var/lib/cni/results/cni-loopback-"$id"-*
  done
  rmdir /var/lib/cni/cache/results /var/lib/cni/cache /var/lib/cni/results /var/lib/cni \
    2>/dev/null || true
  for file in /var/log/containers/*.log; do
    [[ $(readlink "$file") != "$STATE_DIR"/* ]] || rm -f "$file"
  done
  rmdir /var/log/containers 2>/dev/null || true
  remove_plugin_socket
  rm -rf "$RUN_DIR" "$CLAIM_FILE"
  restore_kernel_settings
  # The last one out: other clusters may be about to use these.
  if ! compgen -G "$RUN_ROOT/*.claim" >/dev/null; then
    rmdir /run/containerd/s /run/containerd "$RUN_ROOT" 2>/dev/null || true
  fi
}

# The records of Pod networks: kept by containerd on disk, and while they run in /run as well.
sandbox_ids() {
  local folder
  for folder in "$STATE_DIR"/containerd/io.containerd.grpc.v1.cri/sandboxes/* \
    "$RUN_DIR"/containerd/io.containerd.runtime.v2.task/k8s.io/*; do
    [[ ! -d $folder ]] || basename "$folder"
  done
}

# The kubelet has one fixed place for device plugins; a killed kubelet leaves its socket there.
remove_plugin_socket() {
  local socket=/var/lib/kubelet/device-plugins/kubelet.sock
  [[ ! -S $socket ]] || grep -qF "$socket" /proc/net/unix || rm -f "$socket"
  rmdir /var/lib/kubelet/device-plugins /var/lib/kubelet 2>/dev/null || true
}

# shellcheck shell=bash
# etcd, the API server, the controller manager and the scheduler: the real ones.

# kubectl with the cluster's own program, credentials and cache folder.
kubectl_here() {
  KUBECACHEDIR=$STATE_DIR/kubectl-cache KUBECONFIG=$KUBECONFIG_FILE "$BIN_DIR/kubectl" "$@"
}

start_control_plane() {
  add_host_address
  step "etcd" start_etcd
  step "API server answers /readyz" start_api_server
  ensure_controller_manager
  ensure_scheduler
  step "controller manager and scheduler are healthy" wait_for_controllers
}

# The address of the API server: on the loopback device, so that it needs no other, exists without a
# real node, and is yet one that the node and its Pods reach.
add_host_address() {
  ip -o -4 address show dev lo | grep -F " $HOST_IP/32 " >/dev/null || ip address add "$HOST_IP/32" dev lo
}

# Only the API server talks to etcd: a socket under a root-only folder needs no certificates. There
# are no peers either; etcd insists on a name for itself with a port, which nobody ever calls.
start_etcd() {
  local self=http://127.0.0.1:2380
  chmod 700 "$RUN_DIR"
  is_running etcd || rm -f "$ETCD_SOCKET" "$RUN_DIR/etcd-peer.sock"
  ensure_process etcd "" "$BIN_DIR/etcd" --name="$NAME" --data-dir="$STATE_DIR/etcd" \
    --listen-client-urls="unix://$ETCD_SOCKET" --advertise-client-urls="$self" \
    --listen-peer-urls="unix://$RUN_DIR/etcd-peer.sock" --initial-advertise-peer-urls="$self" \
    --initial-cluster="$NAME=$self" --unsafe-no-fsync --quota-backend-bytes=8589934592 \
    --log-level=warn
  wait_for "etcd's socket" 20 etcd test -S "$ETCD_SOCKET"
}

start_api_server() {
  local policy=''
  local -a audit=()
  if [[ $(setting audit off) == on ]]; then
    render audit-policy.yaml "$CONFIG_DIR/audit-policy.yaml"
    policy=$CONFIG_DIR/audit-policy.yaml
    # With bodies a task takes about 60 kB: 3 GiB, the newest, are the last 50,000 tasks.
    audit=(--audit-policy-file="$policy" --audit-log-path="$LOG_DIR/audit.log"
      --audit-log-maxsize=256 --audit-log-maxbackup=11)
  fi
  ensure_process kube-apiserver "$policy" "$BIN_DIR/kube-apiserver" --etcd-servers="unix://$ETCD_SOCKET" \
    --bind-address="$HOST_IP" --secure-port="$API_PORT" --advertise-address="$HOST_IP" \
    --client-ca-file="$PKI_DIR/ca.crt" \
    --tls-cert-file="$PKI_DIR/apiserver.crt" --tls-private-key-file="$PKI_DIR/apiserver.key" \
    --kubelet-certificate-authority="$PKI_DIR/ca.crt" \
    --kubelet-client-certificate="$PKI_DIR/apiserver-kubelet.crt" \
    --kubelet-client-key="$PKI_DIR/apiserver-kubelet.key" \
    --kubelet-preferred-address-types=InternalIP,Hostname \
    --service-account-issuer=https://kubernetes.default.svc.cluster.local \
    --service-account-key-file="$PKI_DIR/accounts.pub" \
    --service-account-signing-key-file="$PKI_DIR/accounts.key" \
    --service-cluster-ip-range="$SERVICE_CIDR" \
    --authorization-mode=Node,RBAC \
    --enable-admission-plugins=NodeRestriction,OwnerReferencesPermissionEnforcement \
    --allow-privileged=true --shutdown-delay-duration=0s "${audit[@]}"
  wait_for "the API server" 60 kube-apiserver api_server_answers
}

# Where etcd was away it says that it is ready before it has read the nodes again, and refuses to list them until then.
api_server_answers() {
  kubectl_here get --raw /readyz && kubectl_here get nodes
}

ensure_controller_manager() {
  local kubeconfig=$CONFIG_DIR/controller-manager.kubeconfig
  ensure_process kube-controller-manager "" "$BIN_DIR/kube-controller-manager" \
    --kubeconfig="$kubeconfig" --authentication-kubeconfig="$kubeconfig" \
    --authorization-kubeconfig="$kubeconfig" --bind-address=127.0.0.1 \
    --secure-port="$CONTROLLER_MANAGER_PORT" --leader-elect=false \
    --use-service-account-credentials --root-ca-file="$PKI_DIR/ca.crt" \
    --service-account-private-key-file="$PKI_DIR/accounts.key" \
    --concurrent-job-syncs=20 --kube-api-qps=1000 --kube-api-burst=1000
}

ensure_scheduler() {
  render scheduler.yaml "$CONFIG_DIR/scheduler.yaml"
  ensure_process kube-scheduler "$CONFIG_DIR/scheduler.yaml" "$BIN_DIR/kube-scheduler" \
    --config="$CONFIG_DIR/scheduler.yaml" --bind-address=127.0.0.1 --secure-port="$SCHEDULER_PORT" \
    --authentication-kubeconfig="$CONFIG_DIR/scheduler.kubeconfig" \
    --authorization-kubeconfig="$CONFIG_DIR/scheduler.kubeconfig"
}

# Their /healthz need no credentials. The default service account is the controller manager's work
# and the last thing that a Pod needs before it can be created.
wait_for_controllers() {
  wait_for "the controller manager" 30 kube-controller-manager is_healthy "$CONTROLLER_MANAGER_PORT"
  wait_for "the scheduler" 30 kube-scheduler is_healthy "$SCHEDULER_PORT"
  wait_for "the default service account" 30 kube-controller-manager \
    kubectl_here get --raw /api/v1/namespaces/default/serviceaccounts/default
}

# Asks https://127.0.0.1:$1/healthz. The certificate is one the program made for itself.
is_healthy() {
  local answer
  answer=$(printf 'GET /healthz HTTP/1.0\r\n\r\n' |
    timeout 2 openssl s_client -quiet -connect "127.0.0.1:$1" 2>/dev/null)
  [[ $answer == *" 200 OK"* ]]
}

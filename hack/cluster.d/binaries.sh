# shellcheck shell=bash
# The programs of the cluster, built from Go modules. go.mod pins Kubernetes and etcd; kwok needs
# other versions of the same libraries and is installed by version. A finished build is kept in the
# user's cache folder under a digest of what went into it, so another checkout starts at once.

readonly LINKER_FLAGS="-s -w \
-X k8s.io/component-base/version.gitVersion=$KUBERNETES_VERSION \
-X k8s.io/component-base/version.gitMajor=1 \
-X k8s.io/component-base/version.gitMinor=34"
# Without these helm takes itself for one of Kubernetes 1.20 where no cluster says otherwise (helm template, helm lint).
readonly HELM_LINKER_FLAGS="-s -w \
-X helm.sh/helm/v3/internal/version.version=$HELM_VERSION \
-X helm.sh/helm/v3/pkg/chartutil.k8sVersionMajor=1 \
-X helm.sh/helm/v3/pkg/chartutil.k8sVersionMinor=34 \
-X helm.sh/helm/v3/pkg/lint/rules.k8sVersionMajor=1 \
-X helm.sh/helm/v3/pkg/lint/rules.k8sVersionMinor=34"
readonly PROGRAMS=(etcd kube-apiserver kube-controller-manager kube-scheduler kubelet kube-proxy
  kubectl kwok)

build_key() {
  {
    cat "$PARTS_DIR/go.mod" "$PARTS_DIR/go.sum"
    printf '%s\n' "$LINKER_FLAGS" "$KWOK_VERSION"
  } | sha256sum | cut -c1-16
}

ensure_binaries() {
  local key cached
  key=$(build_key)
  if [[ -r $BIN_DIR/.key && $(<"$BIN_DIR/.key") == "$key" ]]; then return; fi
  cached=$CACHE_DIR/$key
  mkdir -p "$CACHE_DIR" "$BIN_DIR"
  (
    flock 8
    [[ -d $cached ]] || build_binaries "$cached"
  ) 8>"$CACHE_DIR/lock"
  place_binaries "$cached"
  printf '%s\n' "$key" >"$BIN_DIR/.key"
}

# Helm is no part of a cluster, so it is built when it is first asked for, and kept beside the others: changing its
# version builds nothing else again.
ensure_helm() {
  local key cached
  key=$(sha256sum <<<"$HELM_VERSION $HELM_LINKER_FLAGS" | cut -c1-16)
  if [[ -x $BIN_DIR/helm && -r $BIN_DIR/.helm && $(<"$BIN_DIR/.helm") == "$key" ]]; then return; fi
  cached=$CACHE_DIR/helm-$key
  mkdir -p "$CACHE_DIR" "$BIN_DIR"
  (
    flock 8
    [[ -d $cached ]] || build_helm "$cached"
  ) 8>"$CACHE_DIR/lock"
  place_program "$cached" helm
  printf '%s\n' "$key" >"$BIN_DIR/.helm"
}

build_helm() {
  local target=$1 work=$CACHE_DIR/build.$$
  mkdir -p "$work"
  printf '%s\n' "Building helm, once (about 2 minutes on 2 cores)" >&2
  compile "$work" "helm $HELM_VERSION" "helm.sh/helm/v3/cmd/helm@$HELM_VERSION" \
    "$HELM_LINKER_FLAGS" >&2
  mv "$work" "$target"
}

place_binaries() {
  local program
  for program in "${PROGRAMS[@]}"; do place_program "$1" "$program"; done
}

# place_program FOLDER PROGRAM: a hard link where cache and checkout share a file system, a copy otherwise. A running
# program keeps its old file: the new one takes its name.
place_program() {
  rm -f "$BIN_DIR/$2.new"
  cp -l "$1/$2" "$BIN_DIR/$2.new" 2>/dev/null || cp "$1/$2" "$BIN_DIR/$2.new"
  mv "$BIN_DIR/$2.new" "$BIN_DIR/$2"
}

build_binaries() {
  local target=$1 work=$CACHE_DIR/build.$$
  mkdir -p "$work"
  printf '%s\n' "Building the cluster's programs, once (about 6 minutes on 2 cores)"
  compile "$work" "etcd and Kubernetes $KUBERNETES_VERSION" tool
  compile "$work" "kwok $KWOK_VERSION" "sigs.k8s.io/kwok/cmd/kwok@$KWOK_VERSION"
  mv "$work/server" "$work/etcd" # Go names it after the folder of its package
  rm -rf "$target"
  mv "$work" "$target"
}

# compile FOLDER WHAT PACKAGE [LINKER_FLAGS]: go install into the folder, with a line of progress every 15 s.
compile() {
  local folder=$1 what=$2 package=$3 flags=${4:-$LINKER_FLAGS} log pid started=$SECONDS next=15
  log=$folder/build.log
  (cd "$PARTS_DIR" && GOBIN=$folder GOFLAGS=-mod=readonly CGO_ENABLED=0 \
    exec go install -v -trimpath -ldflags "$flags" "$package") >"$log" 2>&1 8>&- &
  pid=$!
  while kill -0 "$pid" 2>/dev/null; do
    sleep 0.5
    if ((SECONDS - started >= next)); then
      printf '  %s: %d packages compiled, %d modules fetched, %d s\n' "$what" \
        "$(grep -vc '^go: ' "$log" || true)" "$(grep -c '^go: downloading' "$log" || true)" \
        "$((SECONDS - started))"
      next=$((SECONDS - started + 15))
    fi
  done
  if ! wait "$pid"; then
    tail -20 "$log" >&2
    die "building $what failed; the log is $log"
  fi
  rm -f "$log"
  printf '  %s: built in %d s\n' "$what" "$((SECONDS - started))"
}

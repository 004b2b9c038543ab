# shellcheck shell=bash
# The programs of the cluster, built from Go modules. go.mod pins Kubernetes and etcd; kwok needs
# other versions of the same libraries and is installed by version. A finished build is kept in the
# user's cache folder under a digest of what went into it, so another checkout starts at once.

readonly LINKER_FLAGS="-s -w \
-X k8s.io/component-base/version.gitVersion=$KUBERNETES_VERSION \
-X k8s.io/component-base/version.gitMajor=1 \
-X k8s.io/component-base/version.gitMinor=34"
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

# Hard links where cache and checkout share a file system, copies otherwise. A running program keeps
# its old file: the new one takes its name.
place_binaries() {
  local program
  for program in "${PROGRAMS[@]}"; do
    rm -f "$BIN_DIR/$program.new"
    cp -l "$1/$program" "$BIN_DIR/$program.new" 2>/dev/null ||
      cp "$1/$program" "$BIN_DIR/$program.new"
    mv "$BIN_DIR/$program.new" "$BIN_DIR/$program"
  done
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

# compile FOLDER WHAT PACKAGE: go install into the folder, with a line of progress every 15 s.
compile() {
  local folder=$1 what=$2 package=$3 log pid started=$SECONDS next=15
  log=$folder/build.log
  (cd "$PARTS_DIR" && GOBIN=$folder GOFLAGS=-mod=readonly CGO_ENABLED=0 \
    exec go install -v -trimpath -ldflags "$LINKER_FLAGS" "$package") >"$log" 2>&1 8>&- &
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

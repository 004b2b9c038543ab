# shellcheck shell=bash disable=SC2153 # NAME is set by use_name
# Certificates (one authority, P-256, ten years: the cluster is thrown away long before) and the
# kubeconfig files made of them. Each is made once; what is there stays.

make_pki() {
  mkdir -p "$PKI_DIR"
  chmod 700 "$PKI_DIR"
  make_authority
  make_account_key
  make_certificate apiserver "/CN=kube-apiserver" serverAuth "IP:$HOST_IP,IP:127.0.0.1,\
IP:$SERVICE_API_IP,DNS:localhost,DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc,\
DNS:kubernetes.default.svc.cluster.local"
  make_certificate apiserver-kubelet "/O=system:masters/CN=apiserver-kubelet" clientAuth
  make_certificate kubelet-server "/CN=$NODE_NAME" serverAuth "IP:$NODE_IP,DNS:$NODE_NAME"
  make_client admin "/O=system:masters/CN=admin" "$KUBECONFIG_FILE"
  make_client kwok "/O=system:masters/CN=kwok"
  make_client controller-manager "/CN=system:kube-controller-manager"
  make_client scheduler "/CN=system:kube-scheduler"
  make_client kubelet "/O=system:nodes/CN=system:node:$NODE_NAME"
  make_client proxy "/CN=system:kube-proxy"
}

make_authority() {
  [[ ! -s $PKI_DIR/ca.crt ]] || return 0
  new_key "$PKI_DIR/ca.key"
  openssl req -x509 -new -key "$PKI_DIR/ca.key" -days 3650 -subj "/CN=ork-cluster-$NAME" \
    -addext basicConstraints=critical,CA:TRUE \
    -addext keyUsage=critical,keyCertSign,digitalSignature -out "$PKI_DIR/ca.crt.new"
  mv "$PKI_DIR/ca.crt.new" "$PKI_DIR/ca.crt"
}

# Signs and verifies the tokens of service accounts.
make_account_key() {
  [[ ! -s $PKI_DIR/accounts.pub ]] || return 0
  openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "$PKI_DIR/accounts.key" \
    2>/dev/null
  openssl pkey -in "$PKI_DIR/accounts.key" -pubout -out "$PKI_DIR/accounts.pub"
}

new_key() {
  openssl ecparam -name prime256v1 -genkey -noout -out "$1"
}

# make_certificate NAME SUBJECT serverAuth|clientAuth [NAMES]
make_certificate() {
  local file=$PKI_DIR/$1 subject=$2 usage=$3 names=${4:-}
  [[ ! -s $file.crt ]] || return 0
  new_key "$file.key"
  openssl req -x509 -new -key "$file.key" -CA "$PKI_DIR/ca.crt" -CAkey "$PKI_DIR/ca.key" \
    -days 3650 -subj "$subject" -addext basicConstraints=critical,CA:FALSE \
    -addext keyUsage=critical,digitalSignature -addext "extendedKeyUsage=$usage" \
    ${names:+-addext "subjectAltName=$names"} -out "$file.crt.new"
  mv "$file.crt.new" "$file.crt"
}

# make_client NAME SUBJECT [FILE]: a client certificate and the kubeconfig that carries it.
make_client() {
  local name=$1 file=${3:-$CONFIG_DIR/$1.kubeconfig} CA CERTIFICATE KEY USER_NAME
  [[ ! -s $file ]] || return 0
  make_certificate "$name" "$2" clientAuth
  # shellcheck disable=SC2034 # read by render
  {
    CA=$(base64 -w0 "$PKI_DIR/ca.crt")
    CERTIFICATE=$(base64 -w0 "$PKI_DIR/$name.crt")
    KEY=$(base64 -w0 "$PKI_DIR/$name.key")
    USER_NAME=$name
  }
  (umask 077 && render kubeconfig.yaml "$file.new")
  mv "$file.new" "$file"
}

// Asio's TLS, compiled once: see operator/kube/asio_src.cpp.
#include <boost/asio/ssl/impl/src.hpp>

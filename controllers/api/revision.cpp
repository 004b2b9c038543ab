#include "controllers/api/revision.hpp"

#include "controllers/api/read_meta.hpp"
#include "controllers/api/reader.hpp"

namespace ork::api {

Result<Revision, DecodeError> decode_revision(const Json& object) {
  Reader reader(object, "");
  Revision out;
  out.meta = read_meta(reader);
  out.revision = reader.integer("revision").value_or(0);
  if (const Json* metadata = reader.find("metadata")) {
    Reader meta(*metadata, "metadata");
    if (const Json* labels_json = meta.find("labels")) {
      Reader labels(*labels_json, "metadata.labels");
      out.workflow = labels.string(label_workflow).value_or("");
      meta.absorb(labels);
    }
    reader.absorb(meta);
  }
  if (const Json* data = reader.find("data")) {
    out.spec = std::make_shared<const Json>(*data);
  } else {
    reader.fail(DecodeErrc::MissingField, "data", "is missing");
  }
  if (reader.error()) return Err(*reader.error());
  return out;
}

}  // namespace ork::api

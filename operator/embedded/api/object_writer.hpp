#pragma once

// What a write makes of an object before it is stored: the rules that hold for every kind. Names,
// uids, times and generations; what may not change; defaults and validation; who wrote which field.
// Every function either stores (unless dry run) and says what the answer shows, or changes nothing.

#include <string>
#include <string_view>

#include "operator/embedded/api/api_error.hpp"
#include "operator/embedded/api/backend.hpp"
#include "operator/embedded/api/options.hpp"
#include "operator/embedded/api/target.hpp"
#include "operator/embedded/fields/managed_fields.hpp"

namespace ork::embedded {

struct Written {
  int status = 200;
  std::string text;  // the object in the form it is stored in
};

// Of a merge patch that is no object, where it is not read before it is applied.
inline constexpr const char* not_a_merge_patch = "Invalid JSON Patch";

enum class PatchFormat { Operations, Merge, Strategic, Apply };

class ObjectWriter {
 public:
  // `warnings` gets what is odd, but no reason to refuse.
  ObjectWriter(Backend backend, const ResourcePath& path, const WriteOptions& options, std::string manager,
               std::vector<std::string>& warnings)
      : backend_(backend),
        path_(path),
        kind_(*path.kind),
        options_(options),
        manager_(std::move(manager)),
        warnings_(warnings) {}

  // `object` was read for this kind and pruned.
  Result<Written, ApiError> create(Json object);
  Result<Written, ApiError> update(Json object);
  // `oddities`: what is odd about the patch as a text.
  Result<Written, ApiError> patch(PatchFormat format, const Json& patch, std::vector<std::string> oddities = {});

 private:
  std::optional<ApiError> take_namespace(Json& object) const;
  std::optional<ApiError> check_name(const Json& object) const;
  std::optional<ApiError> check_namespace(const std::string& name) const;
  void stamp_new(Json& object) const;
  void name_from_generate_name(Json& metadata) const;
  Writer who() const;
  // Both take an object whose fields have their managers.
  Result<Written, ApiError> create_tracked(Json object, bool by_update);
  Result<Written, ApiError> replace(const Json& live, Json object);
  Result<Json, ApiError> patched_from(const Json& live, PatchFormat format, const Json& patch) const;
  Result<Written, ApiError> patch_live(const Json& live, PatchFormat format, const Json& patch);
  Result<Written, ApiError> apply_patch(const Json* live, const Json& patch);
  void keep_what_is_not_written_here(const Json& live, Json& object) const;
  std::optional<ApiError> validate(const Json& object, const Json* live) const;
  std::optional<ApiError> check_size(const std::string& text) const;
  std::optional<ApiError> check_uid(const Json* live, const Json& object) const;
  std::optional<ApiError> check_version(const Json& live, const Json& object) const;
  // `has_prefix`: its name may be made of one.
  ApiError in_the_way(const Stored& live, bool has_prefix) const;
  std::optional<ApiError> check_kind(const Json& object) const;
  std::optional<ApiError> take_kind(Json& patched, PatchFormat format) const;
  std::string collection_plural() const { return kind_.stored_as == nullptr ? kind_.plural : kind_.stored_as->plural; }
  // `completed_on_reading`: see Stored.
  Result<Written, ApiError> store(Json object, int status, bool completed_on_reading = false);
  Result<Written, ApiError> finish_deletion(const Json& live, Json object);

  Backend backend_;
  const ResourcePath& path_;
  const Kind& kind_;
  const WriteOptions& options_;
  std::string manager_;
  std::vector<std::string>& warnings_;
  std::vector<std::string> oddities_;
  Nulls nulls_ = Nulls::Dropped;
  std::string name_;  // of the object; from the URL, or from the object that is created
};

// The object at `key` in the form of its kind; null: there is none.
std::shared_ptr<const Json> load_object(const Backend& backend, const Kind& kind, const std::string& key);

// The time of the loop as objects hold it: RFC 3339, seconds.
std::string timestamp(runtime::Loop& loop);
// A random UUID.
std::string new_uid(runtime::Loop& loop);

// True where nothing but the end of its finalizers keeps a deleted object.
bool deletion_is_due(const Kind& kind, const Json& object);

}  // namespace ork::embedded

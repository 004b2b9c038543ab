-- The health of a WorkflowRun: Progressing until it has ended, then Healthy or Degraded; Suspended while somebody holds it.
local function condition(kind)
  for _, one in ipairs(obj.status.conditions or {}) do
    if one.type == kind then
      return one
    end
  end
  return {}
end

local function health(status, message)
  return {status = status, message = message or ""}
end

if obj.metadata.deletionTimestamp ~= nil then
  return health("Progressing", "it is being deleted")
end
-- A run is born with -1: no operator has looked at it, or not since it was last changed.
if obj.status == nil or obj.status.observedGeneration ~= obj.metadata.generation then
  return health("Progressing", "waits to be looked at by ork")
end

local succeeded = condition("Succeeded")
if succeeded.status == "True" then
  return health("Healthy", succeeded.message)
end
if succeeded.status == "False" then
  return health("Degraded", succeeded.message)
end
if succeeded.reason == "Suspended" or succeeded.reason == "WorkflowSuspended" then
  return health("Suspended", succeeded.message)
end
return health("Progressing", succeeded.message)

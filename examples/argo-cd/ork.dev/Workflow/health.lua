-- The health of a Workflow: Healthy where runs can start from it, Degraded where it says what can't be done; Suspended while
-- somebody, or its circuit breaker, holds its runs back.
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
if obj.status == nil or obj.status.observedGeneration ~= obj.metadata.generation then
  return health("Progressing", "waits to be looked at by ork")
end

local ready = condition("Ready")
if ready.status == "False" then
  return health("Degraded", ready.message)
end
local suspended = condition("Suspended")
if suspended.status == "True" then
  return health("Suspended", suspended.message)
end
if ready.status == "True" then
  return health("Healthy", ready.message)
end
return health("Progressing", ready.message)

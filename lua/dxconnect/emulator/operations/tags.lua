--- Tags of everything that has an ARN.

local service_error = require "dxconnect.emulator.service_error"
local rules = require "dxconnect.emulator.rules"

local handlers = {}

local function tagged(world, arn)
  local record = world:find_arn(arn)
  if not record or not record.tags then
    service_error.client("Resource %s does not exist", arn)
  end
  return record
end

function handlers.TagResource(world, params)
  local record = tagged(world, params.resourceArn)
  local tags, position = {}, {}
  for _, list in ipairs { record.tags, params.tags } do
    for _, tag in ipairs(list) do
      position[tag.key] = position[tag.key] or #tags + 1
      tags[position[tag.key]] = { key = tag.key, value = tag.value }
    end
  end
  rules.check_tags(tags, world:quota("tags_per_resource"))
  record.tags = tags
  return {}
end

function handlers.UntagResource(world, params)
  local record = tagged(world, params.resourceArn)
  local is_removed, tags = {}, {}
  for _, key in ipairs(params.tagKeys) do
    is_removed[key] = true
  end
  for _, tag in ipairs(record.tags) do
    if not is_removed[tag.key] then
      tags[#tags + 1] = tag
    end
  end
  record.tags = tags
  return {}
end

function handlers.DescribeTags(world, params)
  local list = {}
  for i, arn in ipairs(params.resourceArns) do
    list[i] = { resourceArn = arn, tags = tagged(world, arn).tags }
  end
  return { resourceTags = list }
end

return handlers

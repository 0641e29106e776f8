local emulated = require "spec.support.emulated"

local failure = emulated.failure

describe("resiliency groups in the emulator", function()
  local client, record, _

  before_each(function()
    client, _, record = emulated.world()
  end)

  local function create(params)
    local all = { resiliencyGroupName = "group", intendedResiliencyModel = "high-resiliency" }
    for name, value in pairs(params or {}) do
      all[name] = value
    end
    return client:create_resiliency_group(all)
  end

  local function associations(id)
    return assert(client:list_resiliency_group_associations { resiliencyGroupId = id }).items
  end

  it("are made, shown, renamed, listed and deleted", function()
    local group = assert(create { tags = { { key = "a", value = "b" } } }).resiliencyGroup
    local id = group.resiliencyGroupId
    assert.matches("^dxrg%-%w+$", id)
    assert.equal(22, #id)
    assert.equal("arn:aws:directconnect::111122223333:dx-resiliency-group/" .. id, group.resiliencyGroupArn)
    assert.equal("pending", group.state)
    record.now = record.now + 30
    assert.equal("available", assert(client:get_resiliency_group { resiliencyGroupId = id }).resiliencyGroup.state)
    assert.equal("other", assert(client:update_resiliency_group {
      resiliencyGroupId = id, resiliencyGroupName = "other",
    }).resiliencyGroup.resiliencyGroupName)
    assert.same({ { key = "a", value = "b" } }, assert(client:describe_tags {
      resourceArns = { group.resiliencyGroupArn },
    }).resourceTags[1].tags)
    assert(create())
    local page = assert(client:list_resiliency_groups { maxResults = 1 })
    assert.equal("other", page.items[1].resiliencyGroupName)
    assert.equal("group", assert(client:list_resiliency_groups { nextToken = page.nextToken })
      .items[1].resiliencyGroupName)
    assert.equal("deleting", assert(client:delete_resiliency_group { resiliencyGroupId = id }).resiliencyGroup.state)
    record.now = record.now + 60
    assert.equal("deleted", assert(client:get_resiliency_group { resiliencyGroupId = id }).resiliencyGroup.state)
    record.now = record.now + 900
    assert.matches("does not exist", failure(client:get_resiliency_group { resiliencyGroupId = id }))
  end)

  it("answer a repeat with the same client token as they did before", function()
    local first = assert(create { clientToken = "one" })
    assert.same(first, assert(create { clientToken = "one" }))
    assert.matches("was used before with other parameters",
      failure(create { clientToken = "one", resiliencyGroupName = "x" }))
    assert.equal(1, #assert(client:list_resiliency_groups()).items)
  end)

  it("take all connections that are named, or none", function()
    local id = assert(create()).resiliencyGroup.resiliencyGroupId
    local one, two = emulated.connection(client, record), emulated.connection(client, record)
    local function associate(...)
      return client:associate_connections_to_resiliency_group {
        resiliencyGroupId = id, connectionIdentifiers = { ... },
      }
    end
    assert.matches("Could not find Connection with ID dxcon%-no", failure(associate(one, "dxcon-no")))
    assert.same({}, associations(id))
    local arn = "arn:aws:directconnect:us-east-1:111122223333:dxcon/" .. two
    local made = assert(associate(one, arn)).resiliencyGroupAssociations
    assert.equal(2, #made)
    assert.equal("associating", made[1].state)
    assert.equal(arn, made[2].connectionArn)
    record.now = record.now + 60
    assert.equal("associated", associations(id)[2].state)
    assert.matches("is already associated", failure(associate(two)))
    assert.matches("has connections", failure(client:delete_resiliency_group { resiliencyGroupId = id }))

    local function disassociate(...)
      return client:disassociate_connections_from_resiliency_group {
        resiliencyGroupId = id, connectionIdentifiers = { ... },
      }
    end
    assert(disassociate(one))
    assert.equal("disassociating", associations(id)[1].state)
    record.now = record.now + 60
    assert.equal("disassociated", associations(id)[1].state)
    assert.matches("is not associated", failure(disassociate(two, one)))
    assert.equal("associated", associations(id)[2].state)
    record.now = record.now + 60
    assert.equal(1, #associations(id))
    assert(disassociate(arn))
    record.now = record.now + 60
    assert(client:delete_resiliency_group { resiliencyGroupId = id })
  end)
end)

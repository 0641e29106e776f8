local reasons = require "dxconnect.resources.reasons"

describe("reasons", function()
  local cases = {
    { "DirectConnectClientException", "Could not find Connection with ID dxcon-x", "not_found" },
    { "DirectConnectClientException", "Could not find Lag with ID dxlag-x", "not_found" },
    { "DirectConnectClientException", "Gateway x does not exist", "not_found" },
    { "DirectConnectClientException", "The association is in a transitioning state", "transitioning" },
    { "DirectConnectClientException", "Proposal has been accepted", "already_done" },
    { "DirectConnectClientException", "could  not\tfind Connection with ID dxcon-x!", "not_found" },
    { "DirectConnectClientException", "1 DescribeHostedConnections failed for connection dxcon-1 doesn't exist.",
      "not_found" },
    { "DirectConnectClientException", "Gateway doesn\226\128\153t exist", "not_found" },
    { "DirectConnectClientException", "The port is not in available state to associate the key for account 1",
      "transitioning" },
    { "DirectConnectClientException", "The port dxcon-1 is NOT in  available state.", "transitioning" },
    { "DirectConnectClientException", "The specified Connection ID is not available.", "transitioning" },
    { "DirectConnectClientException", "The specified Connection ID dxcon-ffffffff is not available", "transitioning" },
    { "DirectConnectClientException", "Connection dxcon-1 is in state requested", "transitioning" },
    { "DirectConnectClientException", "Direct Connect Gateway Association Proposal  has been accepted!",
      "already_done" },
    { "DirectConnectClientException", "Association Proposal 0f6b2a3c-1111-2222-3333-444455556666 has been accepted!",
      "already_done" },
    { "DirectConnectClientException", "Account 111122223333 is not an authorized Direct Connect partner", "denied" },
    { "LimitExceededException", "", "quota" },
    { "TooManyTagsException", "", "quota" },
    { "AccessDeniedException", "User is not authorized", "denied" },
    { "ExpiredTokenException", "", "expired_credentials" },
  }
  for _, case in ipairs(cases) do
    it(("reads %q of a %s as %s"):format(case[2], case[1], case[3]), function()
      local reason, hint = reasons.of(case[1], case[2])
      assert.equal(case[3], reason)
      assert.is_string(hint)
    end)
  end

  it("says nothing where the text tells nothing", function()
    assert.is_nil((reasons.of("DirectConnectClientException", "Something odd")))
    assert.is_nil((reasons.of("DirectConnectServerException", nil)))
    assert.is_nil((reasons.of("DirectConnectClientException", "Bandwidth 3Gbps is not available at this location")))
    assert.is_nil((reasons.of("DirectConnectClientException", "Connection dxcon-1 is in state deleted")))
  end)

  it("knows every text of its own, blanks doubled and an id in front of each word", function()
    for text, reason in pairs {
      ["is in a transitioning state"] = "transitioning", ["has already been"] = "already_done",
      ["could not find"] = "not_found", ["does not exist"] = "not_found", ["already exists"] = "conflict",
      ["maximum number of"] = "quota", ["quotas"] = "quota",
    } do
      local spread = text:gsub("%S+", " dxcon-ab12cd34  %0"):upper()
      assert.equal(reason, (reasons.of("DirectConnectServerException", spread .. "!")), spread)
    end
  end)
end)

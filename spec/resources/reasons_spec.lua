local reasons = require "dxconnect.resources.reasons"

describe("reasons", function()
  local cases = {
    { "DirectConnectClientException", "Could not find Connection with ID dxcon-x", "not_found" },
    { "DirectConnectClientException", "Could not find Lag with ID dxlag-x", "not_found" },
    { "DirectConnectClientException", "Gateway x does not exist", "not_found" },
    { "DirectConnectClientException", "The association is in a transitioning state", "transitioning" },
    { "DirectConnectClientException", "Proposal has been accepted", "already_done" },
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
  end)
end)

local emulated = require "spec.support.emulated"

describe("agreements in the emulator", function()
  it("are signed by confirming them", function()
    local client = emulated.world()
    local before = assert(client:describe_customer_metadata())
    assert.equal("v2", before.nniPartnerType)
    assert.equal("unsigned", before.agreements[1].status)
    assert.same({ status = "signed" }, assert(client:confirm_customer_agreement {
      agreementName = before.agreements[1].agreementName,
    }))
    assert.equal("signed", assert(client:describe_customer_metadata()).agreements[1].status)
  end)

  it("are all signed where none is named; an unknown one does not exist", function()
    local client = emulated.world()
    assert(client:confirm_customer_agreement())
    assert.equal("signed", assert(client:describe_customer_metadata()).agreements[1].status)
    assert.equal("DirectConnectClientException: Agreement x does not exist",
      emulated.failure(client:confirm_customer_agreement { agreementName = "x" }))
  end)
end)

--- The help's pages on what is no operation: topics, functions, and what all calls have in common.

local functions = require "dxconnect.help.functions"

-- Topics of the model, in the order of the overview, with their titles.
local topics = {
  { name = "connection", title = "Connections" },
  { name = "lag", title = "Link aggregation groups (LAGs)" },
  { name = "interconnect", title = "Interconnects, for partners" },
  { name = "macsec", title = "MACsec keys" },
  { name = "virtual_interface", title = "Virtual interfaces" },
  { name = "bgp", title = "BGP sessions and failover tests" },
  { name = "gateway", title = "Direct Connect gateways and virtual gateways" },
  { name = "resiliency_group", title = "Resiliency groups" },
  { name = "tag", title = "Tags" },
  { name = "account", title = "Locations, agreements" },
}

-- Fields of an error, in the order in which they help.
local error_fields = {
  { "kind", "params, config, credentials, transport, service, response or waiter" },
  { "code", "the service's own code, or one of ours; always there" },
  { "message", "what went wrong" },
  { "operation", "the service's name of the operation" },
  { "status", "the answer's HTTP status" },
  { "request_id", "what AWS support asks for" },
  { "attempts", "how often the request was sent" },
  { "retryable", "true where sending it later may help" },
  { "throttling", "true where it was too much at once" },
  { "maybe_applied", "true where the service may have carried it out, though no answer arrived" },
  { "reason", "not_found, transitioning, already_done, quota, conflict, denied, ..., where the text tells" },
  { "hint", "what to do" },
  { "problems", "of parameters: a list of {path, message}, all of them" },
  { "choices", "of words that fit several router types: the list of them" },
  { "cause", "the error behind this one" },
}

local errors_text = "A call that fails returns nil, err. err is a table that prints as one line, and can be joined to "
  .. "text. It has, as far as they are known:"

-- Codes of errors that are made here: code, kind, meaning. The service's own are in the model.
local codes = {
  { "ParamValidationError", "params", "the parameters do not fit; problems names each one, and nothing was sent" },
  { "UnknownOperationError", "params", "the model has no such operation; options.unmodeled sends it all the same" },
  { "NotConfirmedError", "params", "the client's confirm did not say true; nothing was sent" },
  { "ConfigError", "config", "an option, a variable or a file can't be used; the message names it" },
  { "NoRegionError", "config", "no option, variable or profile names a region" },
  { "NoCredentialsError", "credentials", "no source has credentials; the message lists where was looked" },
  { "CredentialsError", "credentials", "a source of credentials failed" },
  { "ConnectionError", "transport", "no connection, or it broke" },
  { "TimeoutError", "transport", "timeout, connect_timeout or total_timeout passed" },
  { "TLSError", "transport", "the certificate was not accepted, or TLS failed; nothing was sent" },
  { "CancelledError", "transport", "a batch or task was stopped before this call began" },
  { "ResponseError", "response", "a success that the protocol does not allow, or an answer that is too large" },
  { "WaiterTimeoutError", "waiter", "the state was not reached in time; the message has the last one" },
  { "WaiterFailedError", "waiter", "the state can't be reached any more" },
}

-- What meta holds.
local meta_fields = {
  { "request_id", "what AWS support asks for" },
  { "status", "the answer's HTTP status" },
  { "attempts", "how often the request was sent" },
  { "elapsed", "seconds that the call took" },
  { "headers", "the answer's headers, names in lower case" },
  { "found", "of create_once: true where the resource was there already" },
}

-- How often an operation's request may be sent: by the model's word for it.
local retries = {
  read = "changes nothing; sent again after any transient failure",
  repeatable = "sent again likewise: the second time means \"already so\"",
  token = "sent again likewise: a client token makes the repeat harmless",
  once = "sent again only when the first surely had no effect: it never left, or was refused or throttled",
}

local retries_text = {
  [[
Up to three attempts (max_attempts) with growing random waits, when the first surely had no effect, or when the
operation can be sent twice without harm. Each operation's page says which it is.]],
  [[
Where a call that is sent once fails after it may have arrived, the error says maybe_applied = true: look before you
send again, or use create_once, which looks for you.]],
}

return {
  topics = topics,
  groups = functions.groups,
  functions = functions.list,
  error_fields = error_fields,
  errors_text = errors_text,
  codes = codes,
  meta_fields = meta_fields,
  retries = retries,
  retries_text = retries_text,
  verbs = require "dxconnect.help.verbs",
}

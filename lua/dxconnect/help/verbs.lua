--- Verbs of the command, in the order of its overview, and what each does.

return {
  { "call", "make a call: any operation of the service" },
  { "help", "tell about an operation, a shape, a parameter, an option" },
  { "inventory", "read everything of every region and profile" },
  { "assess", "judge what there is; status 3: something is found" },
  { "diff", "compare two of `inventory --output json`; status 3: they differ" },
  { "watch", "read again and again, and print what changes" },
  { "metrics", "print what there is as Prometheus text" },
  { "audit", "list the MACsec keys of every port, and what is wrong with them" },
  { "wait", "wait until a resource has reached a state" },
  { "loa", "save a letter of authorization" },
  { "router-config", "save the configuration for a router" },
  { "failover-test", "take BGP sessions down on purpose, guarded" },
  { "rotate", "rotate the MACsec key of a port" },
  { "emulator", "serve an emulated Direct Connect on this machine" },
  { "repl", "an interactive Lua with a client" },
}

--- The version, in one place: the user agent, the command, `make dist` and the rock take it from here.

return "0.1.0"

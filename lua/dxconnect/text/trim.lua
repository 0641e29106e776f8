--- Text without the white space around it, in time proportional to its length: patterns that end in `%s+$` are not, for
-- text that is full of blanks. Pure.

--- @tparam string text
-- @treturn string
return function(text)
  return text:find("%S") and text:match("^%s*(.*%S)") or ""
end

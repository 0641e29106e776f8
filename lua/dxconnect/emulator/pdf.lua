--- A PDF of one page of text: as little as a reader of PDF takes.

local function escaped(line)
  return (line:gsub("[^\32-\126]", "?"):gsub("[\\()]", "\\%0"))
end

local pdf = {}

--- Makes a document of one page (A4).
-- @tparam table lines
-- @treturn string its bytes
function pdf.page(lines)
  local text = { "BT /F1 12 Tf 72 770 Td 16 TL" }
  for _, line in ipairs(lines) do
    text[#text + 1] = ("(%s) Tj T*"):format(escaped(line))
  end
  text[#text + 1] = "ET"
  local content = table.concat(text, "\n")
  local objects = {
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
    ("<< /Length %d >>\nstream\n%s\nendstream"):format(#content, content),
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
  }
  local parts, size, offsets = { "%PDF-1.4\n" }, 9, {}
  for i, object in ipairs(objects) do
    local part = ("%d 0 obj\n%s\nendobj\n"):format(i, object)
    offsets[i] = ("%010d 00000 n \n"):format(size)
    parts[#parts + 1], size = part, size + #part
  end
  parts[#parts + 1] = ("xref\n0 %d\n0000000000 65535 f \n%s"):format(#objects + 1, table.concat(offsets))
  parts[#parts + 1] = ("trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"):format(#objects + 1, size)
  return table.concat(parts)
end

return pdf

# Writes OUT/TARGET.h and OUT/TARGET.cpp with the contents of FILES. Run by parsimony_embed.
set(rows "")
set(arrays "")
set(count 0)
foreach(path IN LISTS FILES)
  get_filename_component(name "${path}" NAME)
  file(READ "${path}" hex HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
  string(APPEND arrays "const unsigned char kFile${count}[] = {${bytes}0};\n")
  string(APPEND rows "    {\"${name}\", {reinterpret_cast<const char*>(kFile${count}), sizeof(kFile${count}) - 1}},\n")
  math(EXPR count "${count} + 1")
endforeach()
file(WRITE "${OUT}/${TARGET}.h" "#pragma once
#include <span>

#include \"common/embedded_file.h\"

namespace parsimony {
std::span<const EmbeddedFile> ${TARGET}();
}  // namespace parsimony
")
file(WRITE "${OUT}/${TARGET}.cpp" "#include \"embedded/${TARGET}.h\"

namespace parsimony {
namespace {
${arrays}
const EmbeddedFile kFiles[] = {
${rows}};
}  // namespace

std::span<const EmbeddedFile> ${TARGET}() { return kFiles; }
}  // namespace parsimony
")

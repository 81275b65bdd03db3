# One page for the book: docs/page-filter runs it over a Markdown file that reads well by itself. It gives the page and
# its headings names, puts the path's navigation where the file has one written by hand, says what the page needs, and
# turns links between files into links between pages. Variables: top (the course's folder), file (from there), table (what
# docs/path-table printed), part (bottom: only the navigation that ends the page), handouts (set if there are some).

function slug(text) {
  text = tolower(text)
  gsub(/[^a-z0-9 _-]/, "", text)
  gsub(/[ -]/, "_", text)
  return text
}

function folder_of(path) { return sub(/\/[^\/]*$/, "", path) ? path : "" }

# "docs" and "../README.md" give "README.md".
function resolve(folder, link,    part, count, i, path) {
  path = folder
  count = split(link, part, "/")
  for (i = 1; i <= count; ++i) {
    if (part[i] == "..") { if (!sub(/\/[^\/]*$/, "", path)) path = "" }
    else if (part[i] != "." && part[i] != "") path = path == "" ? part[i] : path "/" part[i]
  }
  return path
}

# [text](../docs/some-file.md#a-heading) leads to the page and the heading. The first link to a page that hangs below
# this one is what hangs it there. A link to a file that is no page of the book becomes one that Doxygen warns of.
function with_links(line,    out, text, link, anchor, target, at) {
  while (match(line, /\[[^]]*\]\([^): ]*\.md(#[^) ]*)?\)|\[[^]]*\]\(#[^) ]+\)/)) {
    out = out substr(line, 1, RSTART - 1)
    link = substr(line, RSTART, RLENGTH)
    line = substr(line, RSTART + RLENGTH)
    at = index(link, "](")
    text = substr(link, 2, at - 2)
    gsub(/\n/, " ", text)
    link = substr(link, at + 2, length(link) - at - 2)
    anchor = ""
    if (at = index(link, "#")) { anchor = slug(substr(link, at + 1)); link = substr(link, 1, at - 1) }
    target = link == "" ? file : resolve(folder, link)
    if (!(target in name)) out = out "[" text "](@ref there_is_no_page_" slug(target) ")"
    else if (anchor != "") out = out "[" text "](@ref " name[target] "_" anchor ")"
    else if (up[name[target]] == page && !(target in hung)) {
      hung[target] = 1
      gsub(/[`*"]/, "", text)
      out = out "@subpage " name[target] " \"" text "\""
    }
    else out = out "[" text "](@ref " name[target] ")"
  }
  return out line
}

function escaped(text) {
  gsub(/&/, "\\&amp;", text)
  gsub(/</, "\\&lt;", text)
  return text
}

function link_to(label, attributes) {
  return "<a " attributes "href=\"" label ".html\">" escaped(title[label]) "</a>"
}

# Left, where one comes from; in the middle, where this is; right, where to go on.
function navigation(where,    line) {
  line = "@htmlonly[block]\n<nav class=\"book-path book-path-" where "\" aria-label=\"The path, " where "\">\n"
  line = line "<span class=\"book-previous\">"
  if (previous[page] != "-") line = line "←&#160;" link_to(previous[page], "rel=\"prev\" ")
  line = line "</span>\n<span class=\"book-up\">"
  if (page != "index") line = line "<a href=\"index.html\">Start</a>"
  if (up[page] != "-") line = line " › " link_to(up[page])
  if (handouts && page ~ /^lesson_/) line = line " · <a href=\"handouts/" page ".pdf\">Handout (PDF)</a>"
  line = line "</span>\n<span class=\"book-next\">"
  if (following[page] != "-") line = line link_to(following[page], "rel=\"next\" ") "&#160;→"
  print "\n" line "</span>\n</nav>\n@endhtmlonly\n"
}

# What a page needs, in a box.
function needs(text,    at, sentence) {
  needed = 1
  at = match(text, /\.( |\n|$)/)
  sentence = substr(text, 1, at)
  if (sentence !~ /\[/) gsub(/0[1-7]/, "[&](@ref lesson_&)", sentence)
  print "@htmlonly[block]<aside class=\"book-needs\">@endhtmlonly\n\n" with_links(sentence substr(text, at + 1))
  print "\n@htmlonly[block]</aside>@endhtmlonly\n"
}

# A page that does not say what it needs: docs/path may say it. What hangs below a lesson needs the lesson; below another
# page, what that one needs.
function needs_of_others(    above, line, text) {
  if (needed || page == "" || page ~ /^(index|contributing|changelog)$/) return
  if (adds[page] ~ /^Needs:/) { needs(adds[page]); return }
  if (up[page] == "-") { print "@ref this_page_does_not_say_what_it_needs\n"; return }
  above = file_of[up[page]]
  if (up[page] !~ /^lesson_/)
    while ((getline line < (top "/" above)) > 0) {
      if (text == "" && index(line, "Needs:")) text = substr(line, index(line, "Needs:"))
      else if (text != "" && line == "") break
      else if (text != "") text = text "\n" line
    }
  if (text == "") text = "Needs: [" title[up[page]] "](@ref " up[page] ")."
  folder = folder_of(above)
  needs(text)
  folder = folder_of(file)
}

# A paragraph below the title: the navigation for who reads the file itself, or what the page needs, or both.
function opening(text,    at) {
  if (at = index(tolower(text), "needs:")) needs("N" substr(text, at + 1))
}

BEGIN {
  FS = "\t"
  while ((getline < table) > 0) {
    name[$3] = $2
    file_of[$2] = order[++pages] = $3
    title[$2] = $4
    previous[$2] = $5
    following[$2] = $6
    up[$2] = $7
    adds[$2] = $8
  }
  page = name[file]
  folder = folder_of(file)
  state = "title"
  if (part == "bottom") { if (page != "") navigation("bottom"); exit }
}

state == "title" && /^# / {
  # "6. A title" would be a list for Doxygen; with a space that does not break it is none.
  if ($0 ~ /^# [0-9]+\. /) sub(/\. /, ".\302\240")
  print $0 (page == "index" || page == "" ? "" : " {#" page "}")
  if (page != "") navigation("top")
  state = "opening"
  next
}
# Two paragraphs at most stand between the title and the text.
state == "opening" && /^(\[[^]]*\]\([^)]*\.md\)( ·|$)|Needs: )/ { paragraph = ""; state = "paragraph" }
state == "paragraph" {
  if ($0 != "") { paragraph = paragraph (paragraph == "" ? "" : "\n") $0; next }
  opening(paragraph)
  state = "opening"
  next
}
state == "opening" && !/^ *$/ { needs_of_others(); state = "text" }

# A link may be broken over two lines, so the text is taken by the paragraph.
function flush() {
  if (text != "") printf "%s", with_links(text)
  text = ""
}
# What the file shows for who reads it by itself comes from a recording, from the programs or from a trace here
# (docs/tools/generate): <!-- transcript: echo-server -->, <!-- snippet: echo-server.cpp write --> or <!-- chart -->.
/^<!-- transcript: [a-z-]+ -->$/ { flush(); sub(/^<!-- transcript: /, ""); sub(/ -->$/, ""); print "@verbinclude " $0 ".txt"; recorded = 1; next }
recorded { if (/^```$/) recorded = 0; next }
/^<!-- snippet: [a-z-]+\.cpp [a-z_]+ -->$/ {
  flush()
  sub(/^<!-- snippet: /, "")
  sub(/ -->$/, "")
  print "@snippet " folder "/" $0
  next
}
# ![what it shows](benchmark/results.svg): in the page itself, so that it takes the colours of the page.
/^!\[[^]]*\]\([^): ]*\.svg\)$/ {
  flush()
  sub(/^!\[[^]]*\]\(/, "")
  sub(/\)$/, "")
  print "@htmlonly[block]<div class=\"book-plot\">@endhtmlonly\n\n@htmlinclude " resolve(folder, $0) "\n"
  print "@htmlonly[block]</div>@endhtmlonly"
  next
}
/^<!-- chart -->$/ { flush(); print "@htmlinclude chart-" substr(folder, 1, 2) ".html"; next }
/^ *(```|~~~)/ { flush(); fenced = !fenced; print; next }
fenced || /^ *$/ || (text == "" && /^    /) { flush(); print; next }
# Doxygen would end what folds with the first paragraph in it.
/^<\/?(details|summary)[ >]/ { flush(); print "\n@htmlonly[block]" $0 "@endhtmlonly\n"; next }
/^<!-- book: path -->$/ { flush(); print "@htmlinclude path.html"; next }
/^##+ / && !/\{#/ && page != "" {
  flush()
  label = page "_" slug(substr($0, index($0, " ") + 1))
  if (seen[label]++) label = label "_" seen[label] - 1
  # The start page's headings would stand beside the lessons in the tree of all pages.
  if (page == "index") print "@anchor " label "\n\n" with_links($0)
  else print with_links($0) " {#" label "}"
  next
}
{ text = text $0 "\n" }

END {
  if (part == "bottom") exit
  flush()
  # The pages below this one that the text does not lead to.
  for (i = 1; i <= pages; ++i) {
    target = order[i]
    if (page == "" || up[name[target]] != page || target in hung) continue
    if (!below++) print "\n## More on this {#" page "_more}\n"
    print "- @subpage " name[target] " \"" title[name[target]] "\""
  }
}

// The search box: every word of it has to be in an entry's name or text; names that begin with it come first.
(function () {
  "use strict";
  var box = document.getElementById("search");
  var found = document.getElementById("found");
  var MOST = 40;

  function plain(text) {
    return text.toLowerCase().replace(/[^a-z0-9 ]/g, "");
  }

  var entries = window.dxconnectIndex.map(function (entry) {
    return { name: entry[0], href: entry[1], kind: entry[2], about: entry[3], key: plain(entry[0]),
      text: plain(entry[0] + " " + entry[2] + " " + entry[3]) + " " + entry[3].toLowerCase() };
  });

  function rank(entry, query) {
    return entry.key === query ? 0 : entry.key.indexOf(query) === 0 ? 1 : entry.key.indexOf(query) >= 0 ? 2 : 3;
  }

  function search(text) {
    var words = text.split(/\s+/).map(plain).filter(Boolean);
    var query = words.join("");
    return words.length === 0 ? [] : entries.filter(function (entry) {
      return words.every(function (word) { return entry.text.indexOf(word) >= 0; });
    }).map(function (entry, i) {
      return { entry: entry, rank: rank(entry, query), i: i };
    }).sort(function (a, b) { return a.rank - b.rank || a.i - b.i; }).slice(0, MOST);
  }

  function show() {
    var hits = search(box.value);
    found.textContent = "";
    if (box.value.trim() === "") { return; }
    var list = document.createElement("ol");
    hits.forEach(function (hit) {
      var item = document.createElement("li");
      var link = document.createElement("a");
      link.href = hit.entry.href;
      link.textContent = hit.entry.name;
      var about = document.createElement("small");
      about.textContent = " " + hit.entry.kind + ": " + hit.entry.about;
      item.appendChild(link);
      item.appendChild(about);
      list.appendChild(item);
    });
    if (hits.length === 0) {
      var none = document.createElement("li");
      none.textContent = "nothing found";
      list.appendChild(none);
    }
    found.appendChild(list);
  }

  box.addEventListener("input", show);
  box.addEventListener("keydown", function (event) {
    var first = found.querySelector("a");
    if (event.key === "Enter" && first) { location.href = first.href; }
    if (event.key === "Escape") { box.value = ""; show(); }
  });
  if (location.hash.indexOf("#q=") === 0) {
    box.value = decodeURIComponent(location.hash.slice(3));
    show();
  }
}());

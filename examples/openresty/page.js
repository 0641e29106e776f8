// Fetches the picture anew every two seconds, and what is known of the resource in the address. What the server sends is
// escaped there. Only what changed is replaced, so that whoever reads or tabs through the page is not thrown out.
"use strict";

const network = document.getElementById("network");
const lost = document.getElementById("lost");
const age = document.getElementById("age");
const resource = document.getElementById("resource");
const about = document.getElementById("about");
let seen = Date.now();

function show(text) {
  const fresh = document.createElement("template");
  fresh.innerHTML = text;
  for (const part of [".status", ".picture", ".worst", ".rest", ".changes", ".table"]) {
    const before = network.querySelector(part);
    const now = fresh.content.querySelector(part);
    if (!before || !now) {
      network.innerHTML = text;
      return;
    }
    if (before.innerHTML !== now.innerHTML) {
      before.replaceChildren(...now.childNodes);
    }
  }
}

async function refresh() {
  try {
    const answer = await fetch("picture", { cache: "no-store" });
    if (!answer.ok) {
      throw new Error(answer.status);
    }
    show(await answer.text());
    seen = Date.now();
    lost.hidden = true;
    document.body.classList.remove("lost");
  } catch (problem) {
    age.textContent = Math.round((Date.now() - seen) / 1000);
    lost.hidden = false;
    document.body.classList.add("lost");
    for (const summary of document.querySelectorAll("svg > desc")) {
      summary.textContent = "The server does not answer: the state now is unknown.";
    }
  }
  setTimeout(refresh, 2000);
}

// `#dxcon-…` opens all that is known of it.
async function open() {
  const id = decodeURIComponent(location.hash.slice(1));
  resource.hidden = id === "";
  if (id === "") {
    return;
  }
  try {
    const answer = await fetch("resource?id=" + encodeURIComponent(id), { cache: "no-store" });
    about.innerHTML = answer.ok ? await answer.text() : "";
    if (!answer.ok) {
      about.textContent = "? Nothing is known of " + id + ".";
    }
  } catch (problem) {
    about.textContent = "? The server does not answer: " + id + " is unknown.";
  }
  resource.scrollIntoView({ block: "nearest" });
}

addEventListener("hashchange", open);
open();
setTimeout(refresh, 2000);

// Fetches the picture anew every two seconds. What the server sends is escaped there. Only what changed is replaced, so
// that whoever reads or tabs through the page is not thrown out.
"use strict";

const network = document.getElementById("network");
const lost = document.getElementById("lost");
const age = document.getElementById("age");
let seen = Date.now();

function show(text) {
  const fresh = document.createElement("template");
  fresh.innerHTML = text;
  for (const part of [".status", ".picture", ".table"]) {
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
    const summary = document.getElementById("picture-summary");
    if (summary) {
      summary.textContent = "The server does not answer: the state now is unknown.";
    }
  }
  setTimeout(refresh, 2000);
}

setTimeout(refresh, 2000);

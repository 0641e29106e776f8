// Fetches the picture anew every two seconds. What the server sends is escaped there. Only what changed is replaced, so
// that whoever reads or tabs through the page is not thrown out.
"use strict";

const network = document.getElementById("network");
const lost = document.getElementById("lost");

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
    lost.hidden = true;
  } catch (problem) {
    lost.hidden = false;
  }
  setTimeout(refresh, 2000);
}

setTimeout(refresh, 2000);

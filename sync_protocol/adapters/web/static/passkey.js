// Passkeys: asks the browser's own dialog to make a key or to prove one, and hands the answer to the server. Shown only where there is a name and TLS.
(() => {
  "use strict";
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const send = async (address, body) => {
    const token = document.querySelector("[name=_csrf_token]").value;
    const answer = await fetch(address, { method: "POST", headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token }, body: JSON.stringify(body || {}) });
    const said = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Error([said.sentence, said.next_step].filter(Boolean).join(" "));
    return said;
  };

  const make = async (label) => {
    const asked = await send("/passkeys/begin");
    const made = await navigator.credentials.create({ publicKey: {
      challenge: bytes(asked.challenge), rp: asked.rp, attestation: "none", timeout: 120000,
      user: { id: bytes(asked.user.id), name: asked.user.name, displayName: asked.user.shown },
      pubKeyCredParams: asked.algorithms.map((alg) => ({ type: "public-key", alg })),
      excludeCredentials: asked.held.map((id) => ({ type: "public-key", id: bytes(id) })),
      authenticatorSelection: { residentKey: "required", userVerification: "required" },
    } });
    const answer = made.response;
    return send("/passkeys", { credential: text(made.rawId), client: text(answer.clientDataJSON), data: text(answer.getAuthenticatorData()), public_key: text(answer.getPublicKey()), label });
  };

  const prove = async (next) => {
    const asked = await send("/passkeys/enter/begin");
    const shown = await navigator.credentials.get({ publicKey: { challenge: bytes(asked.challenge), rpId: asked.rp, userVerification: "required", timeout: 120000 } });
    const answer = shown.response;
    return send("/passkeys/enter", { credential: text(shown.rawId), client: text(answer.clientDataJSON), data: text(answer.authenticatorData), signature: text(answer.signature), next });
  };

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-passkey]");
    if (!button) return;
    event.preventDefault();
    const says = document.getElementById("passkey-says");
    button.disabled = true;
    says.textContent = "";
    try {
      const done = button.dataset.passkey === "make" ? await make(document.getElementById("passkey-label").value) : await prove(document.querySelector("[name=next]").value);
      location.assign(done.next);
    } catch (problem) {
      says.textContent = problem.name === "NotAllowedError" || !problem.message ? says.dataset.stopped : problem.message;
      button.disabled = false;
    }
  });
})();

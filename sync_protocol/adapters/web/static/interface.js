// Swagger UI over this node's own schema. Nothing is asked of anybody else; a sent request carries the form token of the page.
(() => {
  "use strict";
  const place = document.getElementById("interface");
  const token = JSON.parse(document.body.getAttribute("hx-headers"));
  const nothing = () => () => null;

  // What Swagger UI leaves without a name for those who hear the page, or out of reach of the keyboard.
  const nameParts = () => {
    for (const one of place.querySelectorAll(".opblock :is(select, input, textarea):not([aria-label])")) {
      const row = one.closest("tr, .parameter__name, .opblock-section");
      one.setAttribute("aria-label", row?.querySelector(".parameter__name, h4")?.textContent || "Value");
    }
    for (const one of place.querySelectorAll(".copy-to-clipboard button:not([aria-label])")) one.setAttribute("aria-label", "Copy");
    for (const one of place.querySelectorAll("pre:not([tabindex])")) one.tabIndex = 0;
    for (const one of place.querySelectorAll("table[role=region]")) one.removeAttribute("role");
  };
  new MutationObserver(nameParts).observe(place, { childList: true, subtree: true });

  window.SwaggerUIBundle({
    domNode: place,
    url: place.dataset.schema,
    validatorUrl: null,
    // Whoever sees this page is signed in already, and there is one server: this node.
    plugins: [() => ({ wrapComponents: { authorizeBtn: nothing, authorizeOperationBtn: nothing, ServersContainer: nothing } })],
    requestInterceptor: (request) => {
      Object.assign(request.headers, token);
      return request;
    },
  });
})();

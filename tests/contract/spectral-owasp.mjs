// Whether the document says what the OWASP API Security Top 10 (2023) asks a description to say.
// No rule is switched off; one is told what it means by an administration endpoint: it takes every path that
// contains "/admin" for one, and /admin-units are administrative units, public facts that all may read.
import owasp from "@stoplight/spectral-owasp-ruleset";

const name = "owasp:api5:2023-admin-security-unique";
const rule = owasp.rules[name];

export default {
  extends: [owasp],
  rules: {
    [name]: { ...rule, then: rule.then.map((one) => ({ ...one, functionOptions: { adminUrl: "/admin/" } })) },
  },
};

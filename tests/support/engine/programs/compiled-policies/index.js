require("../../../../../bin/policies/index.js");

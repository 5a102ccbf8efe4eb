module.exports = require("../../../../../bin/index.js");

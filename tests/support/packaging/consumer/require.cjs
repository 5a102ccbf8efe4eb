const { RetentionPolicy, OrganizationRetention, ...others } = require("ghcr-retention");
console.log(JSON.stringify([RetentionPolicy.name, OrganizationRetention.name, ...Object.keys(others)]));

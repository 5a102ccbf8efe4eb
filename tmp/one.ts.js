"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
const sandbox_1 = require("/work/main/sandbox");
const stack_1 = require("/work/main/tests/support/engine/stack");
const world_1 = require("/work/main/tests/support/engine/world");
const node_fs_1 = require("node:fs");
(async () => {
    const sandbox = await (0, sandbox_1.startSandbox)({ now: world_1.now });
    await new world_1.PackageWorld(sandbox, "acme/app").deploy(world_1.small);
    const stack = await stack_1.Stack.create(sandbox, { policies: [(0, world_1.policyFor)("acme/app")] });
    for (let i = 0; i < Number(process.env.RUNS ?? 4); i++) {
        const before = process.resourceUsage();
        const t = performance.now();
        const o = await stack.preview();
        if (o.exitCode !== 0)
            console.log(o.output);
        console.log("wall", Math.round(performance.now() - t));
    }
    (0, node_fs_1.writeFileSync)("/tmp/stack.json", JSON.stringify({ env: stack.env, program: stack.program, configFile: stack.configFile }));
    if (process.env.HOLD) {
        console.log("holding");
        await new Promise(() => { });
    }
    await stack.remove();
    await sandbox.close();
})();
//# sourceMappingURL=data:application/json;base64,eyJ2ZXJzaW9uIjozLCJmaWxlIjoib25lLmpzIiwic291cmNlUm9vdCI6IiIsInNvdXJjZXMiOlsib25lLnRzIl0sIm5hbWVzIjpbXSwibWFwcGluZ3MiOiI7O0FBQUEsZ0RBQWtEO0FBQ2xELGlFQUE4RDtBQUM5RCxpRUFBNEY7QUFDNUYscUNBQXdDO0FBQ3hDLENBQUMsS0FBSyxJQUFJLEVBQUU7SUFDVixNQUFNLE9BQU8sR0FBRyxNQUFNLElBQUEsc0JBQVksRUFBQyxFQUFFLEdBQUcsRUFBSCxXQUFHLEVBQUUsQ0FBQyxDQUFDO0lBQzVDLE1BQU0sSUFBSSxvQkFBWSxDQUFDLE9BQU8sRUFBRSxVQUFVLENBQUMsQ0FBQyxNQUFNLENBQUMsYUFBSyxDQUFDLENBQUM7SUFDMUQsTUFBTSxLQUFLLEdBQUcsTUFBTSxhQUFLLENBQUMsTUFBTSxDQUFDLE9BQU8sRUFBRSxFQUFFLFFBQVEsRUFBRSxDQUFDLElBQUEsaUJBQVMsRUFBQyxVQUFVLENBQUMsQ0FBQyxFQUFFLENBQUMsQ0FBQztJQUNqRixLQUFLLElBQUksQ0FBQyxHQUFHLENBQUMsRUFBRSxDQUFDLEdBQUcsTUFBTSxDQUFDLE9BQU8sQ0FBQyxHQUFHLENBQUMsSUFBSSxJQUFJLENBQUMsQ0FBQyxFQUFFLENBQUMsRUFBRSxFQUFFLENBQUM7UUFDdkQsTUFBTSxNQUFNLEdBQUcsT0FBTyxDQUFDLGFBQWEsRUFBRSxDQUFDO1FBQ3ZDLE1BQU0sQ0FBQyxHQUFHLFdBQVcsQ0FBQyxHQUFHLEVBQUUsQ0FBQztRQUM1QixNQUFNLENBQUMsR0FBRyxNQUFNLEtBQUssQ0FBQyxPQUFPLEVBQUUsQ0FBQztRQUNoQyxJQUFJLENBQUMsQ0FBQyxRQUFRLEtBQUssQ0FBQztZQUFFLE9BQU8sQ0FBQyxHQUFHLENBQUMsQ0FBQyxDQUFDLE1BQU0sQ0FBQyxDQUFDO1FBQzVDLE9BQU8sQ0FBQyxHQUFHLENBQUMsTUFBTSxFQUFFLElBQUksQ0FBQyxLQUFLLENBQUMsV0FBVyxDQUFDLEdBQUcsRUFBRSxHQUFHLENBQUMsQ0FBQyxDQUFDLENBQUM7SUFDekQsQ0FBQztJQUNELElBQUEsdUJBQWEsRUFBQyxpQkFBaUIsRUFBRSxJQUFJLENBQUMsU0FBUyxDQUFDLEVBQUUsR0FBRyxFQUFFLEtBQUssQ0FBQyxHQUFHLEVBQUUsT0FBTyxFQUFFLEtBQUssQ0FBQyxPQUFPLEVBQUUsVUFBVSxFQUFFLEtBQUssQ0FBQyxVQUFVLEVBQUUsQ0FBQyxDQUFDLENBQUM7SUFDM0gsSUFBSSxPQUFPLENBQUMsR0FBRyxDQUFDLElBQUksRUFBRSxDQUFDO1FBQUMsT0FBTyxDQUFDLEdBQUcsQ0FBQyxTQUFTLENBQUMsQ0FBQztRQUFDLE1BQU0sSUFBSSxPQUFPLENBQUMsR0FBRyxFQUFFLEdBQUUsQ0FBQyxDQUFDLENBQUM7SUFBQyxDQUFDO0lBQzlFLE1BQU0sS0FBSyxDQUFDLE1BQU0sRUFBRSxDQUFDO0lBQUMsTUFBTSxPQUFPLENBQUMsS0FBSyxFQUFFLENBQUM7QUFDOUMsQ0FBQyxDQUFDLEVBQUUsQ0FBQyJ9
//edd6ec8a2c0734c90bc5d50e0a4cbf7ad568e86631fd56a308b257792513c6bb

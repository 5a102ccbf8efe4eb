import { spawn } from "node:child_process";
import { join } from "node:path";

/** Runs a script of this folder in a process of its own, and returns the JSON that it prints. */
export function runScript<Result>(script: string, request: object, nodeArguments: readonly string[] = []): Promise<Result> {
  return outputOf([...nodeArguments, join(__dirname, script), JSON.stringify(request)]);
}

/** Does the same with a request that is too long for an argument. */
export function feedScript<Result>(script: string, request: object): Promise<Result> {
  return outputOf([join(__dirname, script)], JSON.stringify(request));
}

function outputOf<Result>(args: readonly string[], input = ""): Promise<Result> {
  const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
  child.stdin.end(input);
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (part: string) => {
    text += part;
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => (code === 0 ? resolve(JSON.parse(text) as Result) : reject(new Error(`${args[0]} ended with ${code}`))));
  });
}

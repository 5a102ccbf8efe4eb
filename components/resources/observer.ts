import * as pulumi from "@pulumi/pulumi";
import { ObserverThread } from "../observe/thread";

/** For all packages of the program together. How far it is, is one line in the stack's Info column, and a sparse one in a CI's log. */
export const observerThread = new ObserverThread((line, isProgress) => void pulumi.log.info(line, undefined, undefined, isProgress));

import { fail, ok, type Result } from "../result";
import type { FolderSource } from "./byte-source";
import type { SetMember } from "./component-set";
import { findFile } from "./folder-files";
import { hashingSource } from "./hashing-source";
import type { OpenedComponentSet } from "./open-set";
import type { CallOptions } from "./progress";
import type { SetSums } from "./set-hash";
import type { Checkpoint } from "./sharded";

const mismatch = (file: string, stated: string, found: string): Result<never> =>
  fail("bad-set", `its SHA-256 is ${found.slice(0, 12)}…, but the set states ${stated.slice(0, 12)}….`, {
    file,
    remedy: "The file is damaged or was replaced: download it again, or make the set file anew.",
  });

/**
 * Checks the stated checksums of the small files (config, tokenizer) and that every stated file exists. Weight files,
 * which are `files`, are left to `weightSums`. Null where all is well.
 */
export async function checkDeclaredFiles(
  folder: FolderSource,
  member: SetMember,
  files: Checkpoint["files"],
  signal?: AbortSignal,
): Promise<Result<never> | null> {
  const weights = new Set(files.map((f) => f.path));
  for (const [path, stated] of Object.entries(member.sha256 ?? {})) {
    if (weights.has(path)) continue;
    const found = await findFile(folder, path, signal);
    if (!found.ok) return found;
    if (!found.value)
      return fail("bad-set", `the set states a checksum for ${path}, which the folder lacks.`, {
        file: folder.name,
        remedy: "Download the missing file, or make the set file anew.",
      });
    const sum = await hashingSource(found.value).digest(signal);
    if (!sum.ok) return sum;
    if (sum.value !== stated) return mismatch(found.value.name, stated, sum.value);
  }
  return null;
}

/**
 * SHA-256 of every weight file, checked against the stated ones. Cheap after a pass over all tensors, which has hashed
 * the files on its way; otherwise it reads what is missing.
 */
export async function weightSums(
  set: OpenedComponentSet,
  { signal }: CallOptions = {},
): Promise<Result<SetSums>> {
  const sums = new Map<string, Record<string, string>>();
  const members = [
    { member: set.spec.base, checkpoint: set.base },
    ...set.components.map(({ member, checkpoint }) => ({ member: member as SetMember, checkpoint })),
  ];
  for (const { member, checkpoint } of members) {
    const own: Record<string, string> = {};
    for (const { path, source } of checkpoint.files) {
      const sum = await source.digest(signal);
      if (!sum.ok) return sum;
      const stated = member.sha256 && Object.hasOwn(member.sha256, path) ? member.sha256[path] : undefined;
      if (stated !== undefined && stated !== sum.value) return mismatch(source.name, stated, sum.value);
      own[path] = sum.value;
    }
    sums.set(member.id, own);
  }
  return ok(sums);
}

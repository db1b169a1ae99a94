import type { Problem } from "../../core/result";
import type { Place } from "./web-problems";
import { statusProblem } from "./web-problems";

export interface HubRepo {
  readonly repo: string;
  readonly revision: string;
  readonly hubUrl: string;
  readonly hasToken: boolean;
}

/** What the hub's refusals mean for somebody who opens a repository. */
export function hubProblem(hub: HubRepo, place: Place, response: Response): Problem {
  const { repo, revision, hubUrl, hasToken } = hub;
  const { status, headers } = response;
  const code = headers.get("x-error-code");
  const page = `${hubUrl}/${repo}`;
  const problem = (message: string, remedy: string): Problem => ({
    kind: "network",
    message,
    file: place.file,
    remedy,
  });
  if (code === "RevisionNotFound")
    return problem(
      `${repo} has no revision "${revision}" (HTTP ${status}).`,
      "Check the branch, tag or commit after the @.",
    );
  if (code === "GatedRepo" || (status === 403 && !hasToken))
    return problem(
      `${repo} is given only to those who accepted its conditions (HTTP ${status}).`,
      `Accept them at ${page}, then enter an access token of that account.`,
    );
  if (status === 401 && hasToken)
    return problem(
      `the hub does not accept the access token for ${repo} (HTTP 401).`,
      `Check the repository's name, or make a token with read access at ${hubUrl}/settings/tokens.`,
    );
  if (status === 401 || status === 404)
    return problem(
      `the hub has no public repository ${repo} (HTTP ${status}).`,
      hasToken
        ? "Check the name, and that the token's account may read it."
        : "Check the name; a private repository needs an access token.",
    );
  if (status === 403)
    return problem(
      `the access token may not read ${repo} (HTTP 403).`,
      `Give the token read access to it, or accept the repository's conditions at ${page}.`,
    );
  return statusProblem(place, response);
}

export const notATokenProblem = (file: string): Problem => ({
  kind: "network",
  message: "the access token is none of the hub's: those begin with hf_.",
  file,
  remedy: "Enter it anew.",
});

export const oddAnswerProblem = (file: string, what: string): Problem => ({
  kind: "network",
  message: `the hub's answer cannot be read (${what}).`,
  file,
  remedy: "Try again later, or download the folder and open it from disk.",
});

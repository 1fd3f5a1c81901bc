import assert from "node:assert/strict";
import { EngineLostError } from "../../core/errors/engineErrors";
import { ContextChangedError } from "../../core/errors/imageErrors";
import { isConnectionFailure, toEngineError } from "./toEngineError";
import { TransportError } from "./TransportError";

describe("isConnectionFailure", () => {
  it("tells what a connection can end in from bugs and from Slipway's own errors", () => {
    assert.equal(isConnectionFailure(new Error("socket hang up")), true);
    assert.equal(isConnectionFailure(Object.assign(new Error("x"), { code: "ECONNREFUSED" })), true);
    assert.equal(
      isConnectionFailure(new AggregateError([new Error("connect ECONNREFUSED ::1")])),
      true,
      "localhost has two addresses",
    );
    assert.equal(isConnectionFailure(new TypeError("x is not a function")), false);
    assert.equal(isConnectionFailure(new ContextChangedError("a")), false);
    assert.equal(isConnectionFailure("no error"), false);
  });
});

describe("toEngineError", () => {
  const withCode = (code: string): Error => Object.assign(new Error("x"), { code });

  it("says to start the engine again where it has gone", () => {
    const error = toEngineError(withCode("ECONNREFUSED"), "unix:///s", "listing");
    assert.ok(error instanceof EngineLostError);
    assert.equal(error.problem, undefined);
    assert.match(error.message, /unix:\/\/\/s went away \(listing\)\. Start it again/);
  });

  it("says what is wrong with the way to it, where starting it would not help", () => {
    for (const [cause, problem, words] of [
      [withCode("CERT_HAS_EXPIRED"), "bad-certificate", /its certificate has expired/],
      [withCode("ENOTFOUND"), "unknown-host", /no host of this name/],
      [new TransportError("login-refused", "h refuses the login"), "login-refused", /h refuses the login\.$/],
    ] as const) {
      const error = toEngineError(cause, "tcp://h:1", "listing");
      assert.ok(error instanceof EngineLostError);
      assert.equal(error.problem, problem);
      assert.equal(error.cause, cause);
      assert.match(error.message, words);
    }
  });

  it("leaves a bug what it is", () => {
    const bug = new TypeError("x is not a function");
    assert.equal(toEngineError(bug, "unix:///s", "listing"), bug);
  });
});

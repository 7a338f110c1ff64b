/** The wire's types, by the names that server/openapi.yaml gives them. */
import type { components } from "./contract.gen.ts";

export type Schemas = components["schemas"];
export type Axis = Schemas["Axis"];
export type Size = Schemas["Size"];
export type Shape = Schemas["Shape"];
export type TensorShape = Schemas["TensorShape"];
export type Framework = Schemas["Framework"];
export type Language = Schemas["Language"];
export type Layer = Schemas["Layer"];
export type SettledLayer = Schemas["SettledLayer"];
export type Finding = Schemas["Finding"];
export type ShapeRequest = Schemas["ShapeRequest"];
/** What `fields` can leave out is there where a request has no `fields`. */
export type ShapeAnswer = Schemas["ShapeAnswer"] & Required<Pick<Schemas["ShapeAnswer"], Schemas["Field"]>>;
export type ChainAnswer = Omit<Schemas["ChainAnswer"], "layers"> & { layers: ShapeAnswer[] };
export type SolveAnswer = Schemas["SolveAnswer"];
export type Equivalents = Schemas["Equivalents"];
export type ReviewAnswer = Schemas["ReviewAnswer"];
export type ConvolveAnswer = Schemas["ConvolveAnswer"];
export type ProblemBody = Schemas["Problem"];
export type ProblemError = Schemas["ProblemError"];
export type DiffAnswer = Schemas["DiffAnswer"];

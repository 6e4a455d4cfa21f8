/** Values that survive JSON unchanged: what events are made of. */
export type Json = string | number | boolean | null | JsonObject | readonly Json[];
export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

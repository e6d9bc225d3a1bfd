// Rows of the knowledge graph's tables as nodes and edges, and back. No queries.
import type { EdgeType, GraphEdge, GraphNode, GraphProperties, NodeType } from "../../core/domain/graph";
import type { SqlRow, SqlValue } from "../store/sqlDatabase";

/** With the ids of both ends as `source_id` and `target_id`. */
export const EDGE_COLUMNS = "edges.source, edges.type, edges.target, edges.properties, s.id AS source_id, t.id AS target_id";
export const EDGE_TABLES = "edges JOIN nodes s ON s.key = edges.source JOIN nodes t ON t.key = edges.target";

export const PUT_NODE = "INSERT INTO nodes VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET type = excluded.type, name = excluded.name, text = excluded.text, properties = excluded.properties";
export const PUT_EDGE = "INSERT OR REPLACE INTO edges VALUES (?, ?, ?, ?)";

export function nodeValues(key: number, { id, type, name, text, properties }: GraphNode): readonly SqlValue[] {
  return [key, id, type, name, text, stored(properties)];
}

/** Properties in the order of their names: equal nodes are equal rows. */
export function stored(properties: GraphProperties): string {
  const sorted = Object.entries(properties).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return JSON.stringify(Object.fromEntries(sorted));
}

export function nodeOf(row: SqlRow): GraphNode {
  return { id: text(row, "id"), type: text(row, "type") as NodeType, name: text(row, "name"), text: text(row, "text"), properties: propertiesOf(row) };
}

export function edgeOf(row: SqlRow): GraphEdge {
  return { source: text(row, "source_id"), type: text(row, "type") as EdgeType, target: text(row, "target_id"), properties: propertiesOf(row) };
}

export function keyOf(row: SqlRow): number {
  return Number(row["key"]);
}

function propertiesOf(row: SqlRow): GraphProperties {
  return JSON.parse(text(row, "properties")) as GraphProperties;
}

function text(row: SqlRow, column: string): string {
  const value = row[column];
  return typeof value === "string" ? value : "";
}

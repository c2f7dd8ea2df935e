import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('node')
export class NodeEntity {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'node_key' })
  id: string;

  @Column('bigint')
  sequence: string;

  @Column('json')
  doc: unknown;
}

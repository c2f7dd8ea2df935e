import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('template')
export class TemplateEntity {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'template_key' })
  id: string;

  @Column('bigint')
  sequence: string;

  @Column('text')
  name: string;

  @Column('json')
  doc: unknown;
}
